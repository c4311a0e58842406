import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';
import { demandClearSigned } from './clear-signed.ts';

/**
 * Without it, gpgv and gpg believe no key that is younger than the clock, and a host without a battery could never
 * begin. Whether a key has expired is judged from the listing, by a better time than the clock.
 */
const WHATEVER_THE_CLOCK = '--ignore-time-conflict';

/**
 * What gpgv says of a detached signature, as the lines of `--status-fd` (GnuPG, doc/DETAILS). The exit code is no
 * verdict and is ignored: an expired key ends with 0, a second unknown signer with 2.
 */
export async function signatureStatus(
  runner: Runner,
  keyring: string,
  { data, signature }: { readonly data: Uint8Array; readonly signature: Uint8Array },
): Promise<string> {
  await demandKeyring(keyring);
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-gpgv-'));
  try {
    const files = { data: join(directory, 'data'), signature: join(directory, 'signature') };
    await writeFile(files.data, data, { mode: 0o600 });
    await writeFile(files.signature, signature, { mode: 0o600 });
    const { stdout } = await runner.run(
      ['gpgv', WHATEVER_THE_CLOCK, ...at(directory, keyring), files.signature, files.data],
      { accept: [1, 2] },
    );
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What gpgv says of a clear-signed file, and the text that it emitted: the only bytes of it that may be read. */
export interface ClearSignedStatus {
  /** Lines of `--status-fd`, not judged yet. */
  readonly status: string;
  /** Empty when gpgv found no signature that it could check. */
  readonly text: Uint8Array;
}

/**
 * Asks gpgv about a clear-signed file. As with a detached signature, its exit code is no verdict.
 *
 * @throws SystemError `GPG_NOT_CLEAR_SIGNED`, `GPG_BAD_KEYRING`
 */
export async function clearSignedStatus(
  runner: Runner,
  keyring: string,
  signed: Uint8Array,
): Promise<ClearSignedStatus> {
  demandClearSigned(signed);
  await demandKeyring(keyring);
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-gpgv-'));
  try {
    const [file, text] = [join(directory, 'signed'), join(directory, 'text')];
    await writeFile(file, signed, { mode: 0o600 });
    const { stdout } = await runner.run(
      ['gpgv', WHATEVER_THE_CLOCK, ...at(directory, keyring), '--output', text, file],
      { accept: [1, 2] },
    );
    return { status: stdout, text: await readFile(text).catch(() => new Uint8Array()) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/**
 * What gpg lists of the keys in a keyring, with colons (GnuPG, doc/DETAILS): gpgv counts keys that are too short, and
 * does not tell their length. Nothing is imported, no trust is looked up.
 *
 * @throws SystemError `GPG_BAD_KEYRING`
 */
export async function listKeyring(runner: Runner, keyring: string): Promise<string> {
  await demandKeyring(keyring);
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-gpg-'));
  try {
    const silently = ['--homedir', directory, '--batch', '--quiet', '--no-autostart', WHATEVER_THE_CLOCK];
    const { stdout } = await runner.run(['gpg', ...silently, '--with-colons', '--show-keys', keyring], { accept: [2] });
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function at(home: string, keyring: string): readonly string[] {
  return ['--homedir', home, '--status-fd', '1', '--keyring', keyring];
}

/** gpgv reads binary keyrings only and calls an armoured one “No public key”: say what is really wrong. */
async function demandKeyring(keyring: string): Promise<void> {
  const content = await readFile(keyring).catch((cause: unknown) => {
    throw new SystemError('GPG_BAD_KEYRING', `the keyring ${keyring} cannot be read`, {
      cause,
      hint: 'Give the public key with `goldstream-receiver prepare --key FILE`.',
    });
  });
  if (content.length === 0 || content.subarray(0, 10).toString('latin1') === '-----BEGIN') {
    throw new SystemError(
      'GPG_BAD_KEYRING',
      `the keyring ${keyring} is ${content.length === 0 ? 'empty' : 'armoured'}, gpgv reads binary ones`,
      {
        hint: 'Export it without --armor, or give it with `goldstream-receiver prepare --key FILE`.',
      },
    );
  }
}
