import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPublicKey, type SecretKey } from '@goldstream/system';
import type { Tools } from '../tools.ts';

/** A keyring with nothing but our own public key, until the program ends. Gives back its path. */
export async function ownKeyring({ runner, gpgHome, belongings }: Tools, { fingerprint }: SecretKey): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-keyring-'));
  belongings.keep({ [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) });
  const to = join(directory, 'own.gpg');
  await exportPublicKey(runner, gpgHome, fingerprint, { armor: false, to });
  return to;
}
