import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPublicKey } from '@goldstream/system';
import type { Tools } from '../tools.ts';

/** A keyring with these public keys of our home, until the program ends. Gives back its path. */
export async function exportKeyring(tools: Tools, fingerprints: readonly string[]): Promise<string> {
  // Without a name gpg would export all that there are.
  if (fingerprints.length === 0) throw new Error('a keyring of no keys was asked for');
  const to = await keyringPath(tools);
  await exportPublicKey(tools.runner, await tools.gpgHome(), fingerprints, { armor: false, minimal: true, to });
  return to;
}

/** A file with this keyring, until the program ends. Gives back its path. */
export async function writeKeyring(tools: Pick<Tools, 'belongings'>, keyring: Uint8Array): Promise<string> {
  const to = await keyringPath(tools);
  await writeFile(to, keyring, { mode: 0o600 });
  return to;
}

async function keyringPath({ belongings }: Pick<Tools, 'belongings'>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-keyring-'));
  belongings.keep({ [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) });
  return join(directory, 'keys.gpg');
}
