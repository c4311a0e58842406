import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  TOOL_FAILED: 'tool',
  TOOL_MISSING: 'environment',
  TOOL_TOO_OLD: 'environment',
  SYSTEM_NOT_ROOT: 'environment',
  SYSTEM_LOCKED: 'state',
  SYSTEM_MOUNT_BUSY: 'state',
  SYSTEM_BAD_PATH: 'input',
  GPG_NO_KEY: 'environment',
  GPG_BAD_KEYRING: 'input',
  GPG_BAD_SECRET_KEY: 'input',
  /** A document of a store that is something else than one clear-signed text. */
  GPG_NOT_CLEAR_SIGNED: 'trust',
  BTRFS_NOT_BTRFS: 'environment',
  BTRFS_BIND_MOUNT: 'environment',
  BTRFS_NO_SUCH_SUBVOLUME: 'state',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type SystemErrorCode = keyof typeof CATEGORY_OF;

/** What another program or the kernel said, or would not do. */
export class SystemError extends errorsOf(CATEGORY_OF) {}
