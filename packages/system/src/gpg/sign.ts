import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../runner.ts';
import { type GpgHome, withGpgHome } from './home.ts';

/** Fingerprints of the primary keys that sign; each adds its own signature. */
export type Signers = readonly string[];

/** Writes an armoured file `signature` with a detached signature of `file` by each signer. */
export async function signDetached(
  runner: Runner,
  home: GpgHome,
  { signers, file, signature }: { readonly signers: Signers; readonly file: string; readonly signature: string },
): Promise<void> {
  await sign(runner, home, signers, ['--armor', '--output', signature, '--detach-sign', file]);
}

/** The text as a clear-signed file, by every signer. */
export async function clearSign(
  runner: Runner,
  home: GpgHome,
  { signers, text }: { readonly signers: Signers; readonly text: string },
): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-sign-'));
  try {
    const [file, signed] = [join(directory, 'text'), join(directory, 'signed')];
    await writeFile(file, text, { mode: 0o600 });
    await sign(runner, home, signers, ['--output', signed, '--clear-sign', file]);
    return await readFile(signed);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/**
 * Stands before a configuration that may be old: a digest that every gpgv counts, whatever the key or a gpg.conf
 * prefers, and a signature that does not expire by itself.
 */
const FIRM = ['--digest-algo', 'SHA512', '--cert-digest-algo', 'SHA512', '--default-sig-expire', '0'];

async function sign(runner: Runner, home: GpgHome, signers: Signers, words: readonly string[]): Promise<void> {
  const users = signers.flatMap((fingerprint) => ['--local-user', fingerprint]);
  const { unlock, input } = unlockingOf(home);
  await withGpgHome(runner, home, (at) =>
    runner.run(['gpg', ...at, '--batch', '--yes', '--quiet', ...unlock, ...FIRM, ...users, ...words], input),
  );
}

/** A given key's passphrase goes to gpg on its standard input; for all others its agent asks, or knows. */
function unlockingOf(home: GpgHome): { readonly unlock: readonly string[]; readonly input: { input?: string } } {
  if (home.kind !== 'given') return { unlock: [], input: {} };
  const unlock = ['--pinentry-mode', 'loopback', '--passphrase-fd', '0'];
  return { unlock, input: { input: `${home.passphrase?.() ?? ''}\n` } };
}
