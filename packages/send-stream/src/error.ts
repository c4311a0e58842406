import { type Category, type ErrorExtras, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  // Not a send stream, or a broken one.
  SEND_STREAM_BAD_MAGIC: 'input',
  SEND_STREAM_BAD_VERSION: 'input',
  SEND_STREAM_COMMAND_TOO_LONG: 'input',
  SEND_STREAM_CRC_MISMATCH: 'input',
  SEND_STREAM_TRUNCATED: 'input',
  SEND_STREAM_TRAILING_DATA: 'input',
  SEND_STREAM_BAD_ATTRIBUTE: 'input',
  SEND_STREAM_DUPLICATE_ATTRIBUTE: 'input',
  SEND_STREAM_MISSING_ATTRIBUTE: 'input',
  SEND_STREAM_NO_SUBVOLUME: 'input',
  // A sound stream that is not the expected one.
  GUARD_WRONG_NAME: 'trust',
  GUARD_WRONG_UUID: 'trust',
  GUARD_WRONG_TRANSID: 'trust',
  GUARD_WRONG_PARENT: 'trust',
  GUARD_TOO_LONG: 'trust',
  // A sound stream that asks for what is not allowed.
  GUARD_SECOND_SUBVOLUME: 'trust',
  GUARD_UNKNOWN_COMMAND: 'trust',
  GUARD_UNKNOWN_ATTRIBUTE: 'trust',
  GUARD_BAD_PATH: 'trust',
  GUARD_FOREIGN_CLONE: 'trust',
  GUARD_DEVICE_NODE: 'trust',
  GUARD_SET_ID_MODE: 'trust',
  GUARD_XATTR: 'trust',
  GUARD_NO_DATA: 'trust',
  // Names that do not lead where the command needs.
  GUARD_NO_SUCH_PATH: 'trust',
  GUARD_NOT_A_DIRECTORY: 'trust',
  GUARD_THROUGH_SYMLINK: 'trust',
  GUARD_EXISTS: 'trust',
  GUARD_INTO_ITSELF: 'trust',
  GUARD_NOT_EMPTY: 'trust',
  GUARD_WRONG_KIND: 'trust',
  // More than the manifest says.
  GUARD_CAPABILITY: 'trust',
  GUARD_BAD_NUMBER: 'trust',
  GUARD_TOO_LARGE: 'trust',
  GUARD_TOO_MANY_FILES: 'trust',
} as const satisfies Record<string, Category>;

/** Codes of this package: `SEND_STREAM_…` for malformed streams, `GUARD_…` for sound ones that are refused. */
export type SendStreamErrorCode = keyof typeof CATEGORY_OF;

/** A stream that is not what `btrfs send` writes, or not what was expected. */
export class SendStreamError extends errorsOf(CATEGORY_OF) {
  /** Bytes from the start of the stream to what is wrong. */
  readonly offset: number;

  /** @param problem what was found and what was expected, naming field, command and path where there are any */
  constructor(code: SendStreamErrorCode, offset: number, problem: string, extras?: ErrorExtras) {
    super(code, `send stream, byte ${offset}: ${problem}`, extras);
    this.offset = offset;
  }
}
