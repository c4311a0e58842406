import { parseKeyListing, type SignatureProof } from '@goldstream/release';
import { clearSignedStatus, listKeyring, type Runner, withKeyring } from '@goldstream/system';

/** What gpgv said of a clear-signed file, not judged yet, and the text that it emitted. */
export interface ClearSignedProof extends SignatureProof {
  /** The only bytes of the file that may be read, and only once the proof was judged. */
  readonly text: Uint8Array;
}

/**
 * Asks gpgv about a clear-signed file, and gpg about the keys of the keyring, which gpgv does not look at.
 *
 * @param keyring binary
 * @throws SystemError `GPG_NOT_CLEAR_SIGNED`, `GPG_BAD_KEYRING`
 */
export async function proveClearSigned(
  runner: Runner,
  keyring: Uint8Array,
  signed: Uint8Array,
): Promise<ClearSignedProof> {
  return withKeyring(keyring, async (path) => ({
    ...(await clearSignedStatus(runner, path, signed)),
    keys: parseKeyListing(await listKeyring(runner, path)),
  }));
}
