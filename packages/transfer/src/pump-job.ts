import type { GuardExpectation, StreamHead } from '@goldstream/send-stream';
import type { CodedErrorData } from './error.ts';

/** What a guard has to know of one stream, as plain data. */
export interface GuardedStream {
  readonly expectation: Omit<GuardExpectation, 'parent'>;
  /** The received snapshot that an incremental stream builds on: a directory, looked at by lstat(2). */
  readonly parentDirectory?: string | undefined;
  /**
   * What the raw stream must be, byte for byte. Its `end` is held back until that is proven. Left out where the bytes
   * were proven before they were decompressed, chunk by chunk: that proves the same and costs nothing here.
   */
  readonly proof?: { readonly bytes: number; readonly sha256: string } | undefined;
}

/** What is looked at while bytes go by. */
export type Inspection =
  /** Hands on only what the guard accepts. */
  | {
      readonly kind: 'guard';
      /** Which stream it may be; of several, the one on the parent that the stream names. At least one. */
      readonly streams: readonly [GuardedStream, ...GuardedStream[]];
      /** The name that the subvolume gets instead of the stream's own. */
      readonly as?: string | undefined;
    }
  /** Hands on everything; SHA-256 of it and the stream's head are the result. */
  | { readonly kind: 'digest' };

/** Open descriptors and what to do between them. The caller closes them when the pump has ended. */
export interface PumpJob {
  readonly from: number;
  readonly to: number;
  readonly inspection: Inspection;
}

/** What a pump found out. `sha256` and `head` belong to the inspection `digest`. */
export interface PumpResult {
  readonly bytes: number;
  readonly sha256?: string;
  readonly head?: StreamHead;
}

/** What a pump's thread says. */
export type PumpMessage =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: PumpResult }
  | { readonly kind: 'refused'; readonly error: CodedErrorData }
  /** The program at the other end is gone; what it said explains why. */
  | { readonly kind: 'nobody-reads' };
