import { access, chmod, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';
import { type GpgHome, withGpgHome } from './home.ts';

/** Secret keys as a file or standard input brought them. */
export interface GivenKeys {
  /** Each as `gpg --export-secret-keys` writes it, armoured or binary. */
  readonly keys: readonly Uint8Array[];
  /** Without it the keys must have none. */
  readonly passphrase?: (() => string) | undefined;
}

/** A home that is gone when it is disposed of. */
export interface GivenHome extends AsyncDisposable {
  readonly home: GpgHome;
}

/**
 * Puts secret keys in a throw-away home: mode 0700, in memory where the machine has `/dev/shm`. They reach gpg on its
 * standard input, and nothing of them an argument, a log or an error.
 *
 * @throws SystemError `GPG_BAD_SECRET_KEY`
 */
export async function importSecretKeys(runner: Runner, { keys, passphrase }: GivenKeys): Promise<GivenHome> {
  const path = await mkdtemp(join(await fleetingDirectory(), 'goldstream-keys-'));
  const dispose = () => rm(path, { recursive: true, force: true });
  const home: GpgHome = { kind: 'given', path, passphrase };
  try {
    await chmod(path, 0o700);
    await withGpgHome(runner, home, async (at) => {
      for (const [index, key] of keys.entries()) await importOne(runner, at, key, index + 1);
    });
    return { home, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What an import tells on `--status-fd` when a secret key is there now, new or known (GnuPG, doc/DETAILS). */
const SECRET_KEY_IMPORTED = /^\[GNUPG:\] IMPORT_OK (?:1[6-9]|2\d|3[01]) /m;

async function importOne(runner: Runner, at: readonly string[], key: Uint8Array, number: number): Promise<void> {
  // gpg's own words could quote what it was given.
  const { stdout } = await runner.run(['gpg', ...at, '--batch', '--quiet', '--status-fd', '1', '--import'], {
    input: key,
    accept: [1, 2],
  });
  if (SECRET_KEY_IMPORTED.test(stdout)) return;
  throw new SystemError('GPG_BAD_SECRET_KEY', `signing key ${number} of those given holds no secret key`, {
    hint: 'Export it with `gpg --armor --export-secret-keys FINGERPRINT`.',
  });
}

async function fleetingDirectory(): Promise<string> {
  const inMemory = '/dev/shm';
  return access(inMemory, constants.W_OK).then(
    () => inMemory,
    () => tmpdir(),
  );
}
