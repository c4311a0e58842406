import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';
import { dearmor } from './dearmor.ts';
import { type GpgHome, withGpgHome } from './home.ts';
import { exportPublicKey } from './keys.ts';

/** A public key without other people's signatures: small, and one form for one key. */
export interface MinimalKey {
  /** Of the primary key. */
  readonly fingerprint: string;
  readonly publicKey: Uint8Array;
}

/** Every public key of a file, armoured or binary, by way of a home that is thrown away. @throws SystemError `GPG_BAD_KEYRING` */
export async function minimalKeys(runner: Runner, file: Uint8Array): Promise<readonly MinimalKey[]> {
  const input = dearmor(file);
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-import-'));
  const home: GpgHome = { kind: 'ours', path: join(directory, 'home') };
  try {
    await mkdir(home.path, { mode: 0o700 });
    const listing = await withGpgHome(runner, home, async (at) => {
      await runner.run(['gpg', ...at, '--batch', '--quiet', '--import'], { input, accept: [1, 2] });
      const list = ['--batch', '--quiet', '--with-colons', '--list-keys'] as const;
      return (await runner.run(['gpg', ...at, ...list], { accept: [2] })).stdout;
    });
    const found = primaryFingerprints(listing);
    if (found.length === 0)
      throw new SystemError('GPG_BAD_KEYRING', 'expected a public key, found none that gpg can read');
    const keys: MinimalKey[] = [];
    for (const fingerprint of found) keys.push(...(await minimalKey(runner, home, fingerprint)));
    return keys;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A public key of a home by fingerprint, name or address; all that fit. */
export async function minimalKeysOf(runner: Runner, home: GpgHome, wanted: string): Promise<readonly MinimalKey[]> {
  const list = ['--batch', '--quiet', '--with-colons', '--list-keys', '--', wanted];
  const { stdout } = await withGpgHome(runner, home, (at) => runner.run(['gpg', ...at, ...list], { accept: [2] }));
  const keys: MinimalKey[] = [];
  for (const fingerprint of primaryFingerprints(stdout)) keys.push(...(await minimalKey(runner, home, fingerprint)));
  return keys;
}

async function minimalKey(runner: Runner, home: GpgHome, fingerprint: string): Promise<readonly MinimalKey[]> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-export-'));
  try {
    const to = join(directory, 'key');
    await exportPublicKey(runner, home, fingerprint, { armor: false, minimal: true, to });
    return [{ fingerprint, publicKey: await readFile(to) }];
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The `fpr` line after each `pub` line (GnuPG, doc/DETAILS). */
function primaryFingerprints(listing: string): readonly string[] {
  return [...listing.matchAll(/^pub:.*\nfpr:(?:[^:\n]*:){8}([0-9A-F]+):/gm)].map(([, fingerprint = '']) => fingerprint);
}
