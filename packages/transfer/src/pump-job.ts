import type { GuardExpectation, StreamHead } from '@goldstream/send-stream';
import type { CodedErrorData } from './error.ts';

/** What is looked at while bytes go by. */
export type Inspection =
  /** Hands on only what the guard accepts. */
  | { readonly kind: 'guard'; readonly expectation: GuardExpectation }
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
