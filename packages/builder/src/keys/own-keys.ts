import { judgeKeyring, type KeyObjection, type ListedKey, parseKeyListing } from '@goldstream/release';
import { demandTools, type GpgHome, listKeyring, listSecretKeys, type SecretKey } from '@goldstream/system';
import type { Tools } from '../tools.ts';
import { exportKeyring } from './export-keyring.ts';

/** A key whose secret part is here. */
export interface OwnKey extends SecretKey {
  /** Why no host would count what it signs now; `undefined`: nothing. */
  readonly objection: KeyObjection | undefined;
}

/** The keys that can sign here. */
export interface OwnKeys {
  readonly home: GpgHome['kind'];
  readonly keys: readonly OwnKey[];
  /** Binary keyring of their public parts; undefined where there are none. */
  readonly keyring: string | undefined;
  readonly listing: readonly ListedKey[];
}

/** Lists the own keys, each judged as a host would judge it today. */
export async function gatherOwnKeys(tools: Tools): Promise<OwnKeys> {
  await demandTools(tools.runner, ['gpg', 'gpgv']);
  const home = await tools.gpgHome();
  const secret = await listSecretKeys(tools.runner, home);
  if (secret.length === 0) return { home: home.kind, keys: [], keyring: undefined, listing: [] };
  const keyring = await exportKeyring(
    tools,
    secret.map(({ fingerprint }) => fingerprint),
  );
  const listing = parseKeyListing(await listKeyring(tools.runner, keyring));
  const judged = new Map(judgeKeyring(listing, tools.clock()).map((entry) => [entry.fingerprint, entry.objection]));
  const keys = secret.map((key) => ({
    ...key,
    // A key that gpg does not list is none that a host could know.
    objection: judged.has(key.fingerprint) ? judged.get(key.fingerprint) : ('invalid-key' as const),
  }));
  return { home: home.kind, keys, keyring, listing };
}
