import { createHash } from 'node:crypto';
import {
  assertNamed,
  assertTrusted,
  type Channel,
  judgeSignature,
  parseKeyListing,
  parseManifest,
  type ReleaseManifest,
  type Signer,
  type Version,
} from '@goldstream/release';
import { fetchManifest, type SignedManifest, type Store } from '@goldstream/store';
import { listKeyring, type Runner, signatureStatus } from '@goldstream/system';
import { TransferError } from './error.ts';

/** A release whose manifest is proven: by signatures that count, or by a channel that names it. */
export interface TrustedRelease {
  readonly manifest: ReleaseManifest;
  /** Byte for byte as published. */
  readonly signed: SignedManifest;
  /** Of the manifest; where a channel proves it, of the channel. */
  readonly signers: readonly Signer[];
  /** What a printed plan says of it: which release, proven by whom. */
  toJSON(): unknown;
}

/** Who may sign. */
export interface TrustDemand {
  /** Binary OpenPGP keyring. */
  readonly keyring: string;
  /** Distinct signers needed. Default 1. */
  readonly threshold?: number;
  /** Primary fingerprints that may sign. Default: all of the keyring. */
  readonly allowed?: readonly string[];
  /** Primary fingerprints that never count. */
  readonly withdrawn?: readonly string[];
  /** The time that keys are judged at. Default: the system's clock. */
  readonly at?: Date;
}

/** A channel that was accepted, and who signed it. */
export interface ChannelProof {
  readonly channel: Channel;
  readonly signers: readonly Signer[];
}

/** Which release a manifest should be about. */
export interface WantedRelease {
  readonly application: string;
  readonly version: Version;
}

/**
 * Fetches the manifest of a version and judges its signature; not a byte of it is parsed before that.
 * @throws `RELEASE_UNTRUSTED`, `TRANSFER_WRONG_RELEASE` when the signed document is about something else, and those of
 * the store and of parsing
 */
export async function fetchTrustedRelease(
  runner: Runner,
  store: Store,
  version: Version,
  demand: TrustDemand,
): Promise<TrustedRelease> {
  return trustRelease(runner, { application: store.application, version }, await fetchManifest(store, version), demand);
}

/** Judges a manifest that is at hand already, by its signature. */
export async function trustRelease(
  runner: Runner,
  wanted: WantedRelease,
  signed: SignedManifest,
  { keyring, threshold = 1, allowed, withdrawn, at = new Date() }: TrustDemand,
): Promise<TrustedRelease> {
  const status = await signatureStatus(runner, keyring, { data: signed.manifest, signature: signed.signature });
  const listing = { keys: parseKeyListing(await listKeyring(runner, keyring)), at };
  const who = { threshold, listing, ...(allowed && { allowed }), ...(withdrawn && { withdrawn }) };
  return readProven(wanted, signed, assertTrusted(describe(wanted), judgeSignature(status, who), threshold));
}

/**
 * Judges a manifest by an accepted channel alone: it is the one that the channel names, byte for byte. Its own signature
 * is not asked for; the key may have expired, or have been retired since.
 * @throws ReleaseError `RELEASE_NOT_NAMED`, `RELEASE_WITHDRAWN`; TransferError `TRANSFER_WRONG_RELEASE`
 */
export function nameRelease(
  wanted: WantedRelease,
  signed: SignedManifest,
  { channel, signers }: ChannelProof,
): TrustedRelease {
  assertNamed({ version: wanted.version, sha256: sha256Of(signed.manifest) }, channel);
  return readProven(wanted, signed, signers);
}

/** Only now is it parsed. */
function readProven(wanted: WantedRelease, signed: SignedManifest, signers: readonly Signer[]): TrustedRelease {
  const manifest = parseManifest(signed.manifest);
  if (manifest.application !== wanted.application || manifest.version !== wanted.version) {
    throw new TransferError(
      'TRANSFER_WRONG_RELEASE',
      `${describe(wanted)} is the signed manifest of ${manifest.application} ${manifest.version}`,
      { hint: 'The store mixes releases up: tell its publisher.' },
    );
  }
  const manifestSha256 = sha256Of(signed.manifest);
  const toJSON = () => ({ ...wanted, manifestSha256, signers: signers.map(({ fingerprint }) => fingerprint) });
  return { manifest, signed, signers, toJSON };
}

function describe({ application, version }: WantedRelease): string {
  return `the manifest of ${application} ${version}`;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
