import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

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
      ['gpgv', '--homedir', directory, '--status-fd', '1', '--keyring', keyring, files.signature, files.data],
      { accept: [1, 2] },
    );
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
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
