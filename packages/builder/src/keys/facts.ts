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
  return { home: gpgHome, keys: await listSecretKeys(runner, gpgHome) };
}
