import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';
import { type GpgHome, withGpgHome } from './home.ts';

/** A key that can sign, as gpg lists it. */
export interface SecretKey {
  /** Fingerprint of the primary key, 40 hexadecimal digits. */
  readonly fingerprint: string;
  readonly userId: string;
  /** Seconds since 1970, or undefined for a key that does not expire. */
  readonly expires: number | undefined;
}

/** Makes an ed25519 signing key without a passphrase in `home` and returns it. `expires` is gpg's notation: `2y`, `0`. */
export async function createKey(runner: Runner, home: GpgHome, userId: string, expires: string): Promise<SecretKey> {
  const before = new Set((await listSecretKeys(runner, home)).map(({ fingerprint }) => fingerprint));
  await withGpgHome(runner, home, (at) =>
    runner.run(
      [
        'gpg',
        ...at,
        '--batch',
        '--pinentry-mode',
        'loopback',
        '--passphrase-fd',
        '0',
        '--quick-generate-key',
        userId,
        'ed25519',
        'sign',
        expires,
      ],
      { input: '\n' },
    ),
  );
  const made = (await listSecretKeys(runner, home)).find(({ fingerprint }) => !before.has(fingerprint));
  if (made === undefined) throw new SystemError('TOOL_FAILED', 'gpg made a key and does not list it');
  return made;
}

/** The signing keys of a home, in gpg's order. */
export async function listSecretKeys(runner: Runner, home: GpgHome): Promise<readonly SecretKey[]> {
  const listing = await withGpgHome(runner, home, (at) =>
    runner.run(['gpg', ...at, '--batch', '--with-colons', '--fixed-list-mode', '--list-secret-keys'], { accept: [2] }),
  );
  return parseSecretKeys(listing.stdout);
}

/** Picks the key that `wanted` names (fingerprint, its end, or part of a user id); the only one when it is undefined. */
export async function findSecretKey(runner: Runner, home: GpgHome, wanted: string | undefined): Promise<SecretKey> {
  return pickSecretKey(await listSecretKeys(runner, home), wanted);
}

/**
 * The one of `keys` that `wanted` names, see {@link findSecretKey}.
 * @throws SystemError `GPG_NO_KEY`
 */
export function pickSecretKey(keys: readonly SecretKey[], wanted: string | undefined): SecretKey {
  const matching = wanted === undefined ? keys : keys.filter((key) => names(key, wanted));
  const [key, ...others] = matching;
  if (key !== undefined && others.length === 0) return key;
  const found = matching.length === 0 ? 'none' : matching.map(({ fingerprint }) => fingerprint).join(', ');
  throw new SystemError(
    'GPG_NO_KEY',
    `wanted one signing key${wanted === undefined ? '' : ` for “${wanted}”`}, found ${found}`,
    {
      hint:
        matching.length === 0
          ? 'Make one with `goldstream-builder keys create`.'
          : 'Name one of them with --key, or as `key:` in golden.yaml.',
    },
  );
}

/** The public keys: as a keyring that gpgv reads, or armoured text. `minimal`: without others' signatures. */
export async function exportPublicKey(
  runner: Runner,
  home: GpgHome,
  fingerprints: string | readonly string[],
  { armor, to, minimal = false }: { readonly armor: boolean; readonly to: string; readonly minimal?: boolean },
): Promise<void> {
  const manner = [...(armor ? ['--armor'] : []), ...(minimal ? ['--export-options', 'export-minimal'] : [])];
  const words = [...manner, '--output', to, '--export', ...[fingerprints].flat()];
  await withGpgHome(runner, home, (at) => runner.run(['gpg', ...at, '--batch', '--yes', ...words]));
}

/** What `gpg --with-colons` lists (GnuPG, doc/DETAILS). */
export function parseSecretKeys(listing: string): readonly SecretKey[] {
  const keys: { fingerprint: string; userId: string; expires: number | undefined }[] = [];
  let primary = false;
  for (const line of listing.split('\n')) {
    const fields = line.split(':');
    if (fields[0] === 'sec') {
      keys.push({ fingerprint: '', userId: '', expires: fields[6] ? Number(fields[6]) : undefined });
      primary = true;
    }
    if (fields[0] === 'ssb') primary = false;
    const key = keys.at(-1);
    if (key === undefined) continue;
    if (fields[0] === 'fpr' && primary) key.fingerprint = fields[9] ?? '';
    if (fields[0] === 'uid' && key.userId === '') key.userId = undoEscapes(fields[9] ?? '');
  }
  return keys;
}

/** A colon in a name, and other bytes that would break the listing, are written `\x3a`. */
function undoEscapes(name: string): string {
  return name.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function names({ fingerprint, userId }: SecretKey, wanted: string): boolean {
  return fingerprint.endsWith(wanted.replace(/^0x/, '').replaceAll(' ', '').toUpperCase()) || userId.includes(wanted);
}
