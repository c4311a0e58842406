import { type Category, CodedError, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  TRANSFER_WRONG_RELEASE: 'trust',
  TRANSFER_NOT_THE_STREAM: 'trust',
  TRANSFER_INCOMPLETE: 'tool',
  TRANSFER_STALLED: 'store',
  TRANSFER_UNREADABLE: 'store',
  TRANSFER_PARENT_UNREADABLE: 'state',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type TransferErrorCode = keyof typeof CATEGORY_OF;

/** A release that is not the one asked for, or a receive whose result is not what its manifest says. */
export class TransferError extends errorsOf(CATEGORY_OF) {}

/** A coded error that crossed a thread: what is left of it there is plain data. */
export interface CodedErrorData {
  readonly code: string;
  readonly category: Category;
  readonly message: string;
  readonly hint: string | undefined;
}

/** A coded error of another thread, with its own code, category and words. */
export class RelayedError extends CodedError {
  constructor(data: CodedErrorData) {
    super(data);
  }
}
