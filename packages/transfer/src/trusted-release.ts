import { createHash } from 'node:crypto';
import {
  assertTrusted,
  judgeSignature,
  parseManifest,
  type ReleaseManifest,
  type Signer,
  type Version,
} from '@goldstream/release';
import { fetchManifest, type SignedManifest, type Store } from '@goldstream/store';
import { type Runner, signatureStatus } from '@goldstream/system';
import { TransferError } from './error.ts';

/** A release whose manifest was signed by somebody in the keyring. */
export interface TrustedRelease {
  readonly manifest: ReleaseManifest;
  /** Byte for byte as published. */
  readonly signed: SignedManifest;
  readonly signers: readonly Signer[];
  /** What a printed plan says of it: which release, proven by whom. */
  toJSON(): unknown;
}

/** Who may sign, and what is wanted. */
export interface TrustDemand {
  /** Binary OpenPGP keyring of the allowed keys. */
  readonly keyring: string;
  /** Distinct signers needed. Default 1. */
  readonly threshold?: number;
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

/** Judges a manifest that is at hand already. */
export async function trustRelease(
  runner: Runner,
  wanted: { readonly application: string; readonly version: Version },
  signed: SignedManifest,
  { keyring, threshold = 1 }: TrustDemand,
): Promise<TrustedRelease> {
  const status = await signatureStatus(runner, keyring, { data: signed.manifest, signature: signed.signature });
  const what = `the manifest of ${wanted.application} ${wanted.version}`;
  const signers = assertTrusted(what, judgeSignature(status, { threshold }), threshold);
  const manifest = parseManifest(signed.manifest);
  if (manifest.application !== wanted.application || manifest.version !== wanted.version) {
    throw new TransferError(
      'TRANSFER_WRONG_RELEASE',
      `${what} is the signed manifest of ${manifest.application} ${manifest.version}`,
      { hint: 'The store mixes releases up: tell its publisher.' },
    );
  }
  const sha256 = createHash('sha256').update(signed.manifest).digest('hex');
  const toJSON = () => ({ ...wanted, manifestSha256: sha256, signers: signers.map(({ fingerprint }) => fingerprint) });
  return { manifest, signed, signers, toJSON };
}
