import { demandTools, type GpgHome, listSecretKeys, type SecretKey } from '@goldstream/system';
import type { Tools } from '../tools.ts';

/** The keys that can sign releases here. */
export interface KeyFacts {
  readonly home: GpgHome;
  readonly keys: readonly SecretKey[];
}

/** Lists the signing keys. */
export async function gatherKeys({ runner, gpgHome }: Tools): Promise<KeyFacts> {
  await demandTools(runner, ['gpg']);
  const home = await gpgHome();
  return { home, keys: await listSecretKeys(runner, home) };
}
