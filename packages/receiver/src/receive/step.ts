import type { Step } from '@goldstream/plan';
import type { PolicyRequest, Version } from '@goldstream/release';
import type { TrustedRelease } from '@goldstream/transfer';
import type { Replaced } from '../repair/set-aside.ts';
import type { TransactionStep } from '../transaction/step.ts';

/** What `receive` does. */
export type ReceiveStep = TransactionStep | ReceiveStream | RecordReceived | CheckContents | RecordUnsigned;

/** A subvolume in the making: ours by its name, which was drawn for it, and by its id, which is higher than any before. */
export interface Incoming {
  /** `.incoming-` and 16 hexadecimal digits. */
  readonly name: string;
  readonly newestIdBefore: number;
}

/** Makes the subvolume from a stream, under its temporary name. */
export interface ReceiveStream extends Step {
  readonly kind: 'receive-stream';
  readonly release: TrustedRelease;
  readonly source: StreamSource;
  /** What the stream may build on; undefined: nothing, it is the full one. One for a source that is known. */
  readonly parents: readonly (StreamParent | undefined)[];
  readonly into: string;
  readonly incoming: Incoming;
  /** What the stream may bring beyond the usual. */
  readonly policy: PolicyRequest;
  /** How long the source may give nothing. Milliseconds. */
  readonly timeout: number;
}

/** A received version that a stream builds on. */
export interface StreamParent {
  readonly version: Version;
  /** The received UUID, by which streams name it. */
  readonly uuid: string;
  readonly directory: string;
  /** What it was allowed to bring itself. */
  readonly policy?: PolicyRequest | undefined;
}

/** Where the bytes of a stream come from. */
export type StreamSource =
  | { readonly kind: 'store'; readonly url: string }
  /** The published assets, in order. */
  | { readonly kind: 'assets'; readonly files: readonly string[] }
  /** Anything else that is the same stream once it is decompressed; no files: standard input. */
  | { readonly kind: 'bytes'; readonly files: readonly string[] };

/** Syncs, looks, gives a subvolume its final name, and records it. */
export interface RecordReceived extends Step {
  readonly kind: 'record-received';
  readonly release: TrustedRelease;
  /** Undefined when it has its final name already. */
  readonly incoming: Incoming | undefined;
  readonly how: string;
  /** The copy whose place it takes; undefined: nothing may be there. */
  readonly replaced?: Replaced | undefined;
}

/** Reads every byte of a subvolume that did not come through the guard. */
export interface CheckContents extends Step {
  readonly kind: 'check-contents';
  readonly release: TrustedRelease;
  readonly path: string;
  /** What it may hold beyond the usual. */
  readonly policy: PolicyRequest;
}

/** Takes a subvolume that nothing proves. */
export interface RecordUnsigned extends Step {
  readonly kind: 'record-unsigned';
  readonly version: Version;
  readonly path: string;
}
