import type { Sha256 } from './sha256.ts';

/** No clear-signed keys document, signatures included, is larger; a store reads no more of one. */
export const KEYS_BYTES_LIMIT = 1024 * 1024;

/**
 * Who may sign for an application from now on. Keys documents form a chain without gaps: number N is signed by enough
 * keys of N-1 and by enough of its own, so that a host that slept through several walks from one to the next, as
 * clients of TUF do with the root role.
 */
export interface KeysDocument {
  /** `MAJOR.MINOR`. A minor version only adds fields that may be ignored. */
  readonly formatVersion: string;
  readonly application: string;
  /** 1 for the first, one more for each that follows. */
  readonly number: number;
  /** When it was made: ISO 8601, UTC, whole seconds. */
  readonly issued: string;
  /** One line for people and for the audit trail: why there is a new document. */
  readonly reason: string;
  /** How many distinct keys a signed document needs. */
  readonly threshold: number;
  /** The keys that count; sorted by fingerprint. */
  readonly keys: readonly AnnouncedKey[];
  /** Keys that never count again; sorted by fingerprint. It only grows. */
  readonly withdrawn: readonly WithdrawnKey[];
}

/** A key as it reaches hosts. */
export interface AnnouncedKey {
  /** Of the primary key, 40 or 64 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** The binary OpenPGP key in base64: `gpg --export-options export-minimal --export FINGERPRINT`. */
  readonly publicKey: string;
}

/** A key that somebody else may hold. */
export interface WithdrawnKey {
  readonly fingerprint: string;
  readonly reason: string;
}

/**
 * The keys that a host believes. Number 0 is the keyring that its operator installed; later ones follow from keys
 * documents.
 */
export interface KeySet {
  readonly number: number;
  readonly threshold: number;
  /** Primary fingerprints. */
  readonly keys: readonly string[];
  readonly withdrawn: readonly string[];
  /** Of the text of keys document `number`; missing for number 0. */
  readonly sha256?: Sha256 | undefined;
}

/** Name of the clear-signed file below the base of a store: `op-dbus.keys.2`. */
export function keysFileName(application: string, number: number): string {
  return `${application}.keys.${number}`;
}

/** The binary keyring that gpgv takes: all keys of the document, one after the other. */
export function keyringOf(document: KeysDocument): Uint8Array {
  return Buffer.concat(document.keys.map(({ publicKey }) => Buffer.from(publicKey, 'base64')));
}
