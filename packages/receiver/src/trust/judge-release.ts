import { assumeNow, findWithheldKeys, type Version } from '@goldstream/release';
import type { SignedManifest } from '@goldstream/store';
import { withKeyring } from '@goldstream/system';
import { type ChannelProof, nameRelease, type TrustedRelease, trustRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import type { HeldKeys } from './held-keys.ts';

/** What a manifest is judged by. */
export interface Judges {
  readonly keys: HeldKeys;
  readonly channel: ChannelProof | undefined;
}

/**
 * Judges a manifest: by the channel where the configuration names one, and by nothing else then; else by its signatures.
 * @throws ReleaseError `RELEASE_NOT_NAMED`, `RELEASE_WITHDRAWN`, `RELEASE_UNTRUSTED`, `RELEASE_KEYS_MISSING`;
 * ReceiverError `TRUST_NO_CHANNEL`; TransferError `TRANSFER_WRONG_RELEASE`
 */
export async function judgeRelease(
  tools: Tools,
  { keys, channel }: Judges,
  version: Version,
  signed: SignedManifest,
): Promise<TrustedRelease> {
  if (tools.config.channel === undefined) return judgeBySignature(tools, keys, version, signed);
  const wanted = { application: tools.layout.application, version };
  if (channel !== undefined) return nameRelease(wanted, signed, channel);
  const name = tools.config.channel;
  throw new ReceiverError('TRUST_NO_CHANNEL', `channel ${name} was never accepted here, so nothing names ${version}`, {
    hint: `Name a store that has ${name}: --store URL.`,
  });
}

/** Judges a manifest by its signatures alone. @throws those of `judgeRelease` */
export async function judgeBySignature(
  tools: Tools,
  { set, keyring }: HeldKeys,
  version: Version,
  signed: SignedManifest,
): Promise<TrustedRelease> {
  const { now } = assumeNow(tools.now(), undefined);
  const wanted = { application: tools.layout.application, version };
  const threshold = Math.max(set.threshold, tools.config.threshold);
  const release = await withKeyring(keyring, (path) =>
    trustRelease(tools.runner, wanted, signed, {
      keyring: path,
      threshold,
      allowed: set.keys,
      withdrawn: set.withdrawn,
      at: now,
    }),
  );
  const withheld = findWithheldKeys(release.manifest.keys, set);
  if (withheld !== undefined) throw withheld;
  return release;
}
