import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  HOST_NO_APPLICATION: 'usage',
  HOST_NOT_PREPARED: 'environment',
  HOST_BAD_RECORD: 'state',
  CONFIG_INVALID: 'input',
  PREPARE_FOREIGN_FILE: 'state',
  PREPARE_NO_PROGRAM: 'environment',
  RECEIVE_NO_STREAM: 'store',
  RECEIVE_NO_SPACE: 'state',
  SPACE_EXHAUSTED: 'state',
  SPACE_QUOTA_EXCEEDED: 'state',
  SPACE_READ_ONLY: 'state',
  SPACE_DISK_FAILED: 'state',
  RECEIVE_SUSPECT: 'state',
  RECEIVE_UNSIGNED: 'trust',
  RECEIVE_CONTENT_MISMATCH: 'trust',
  RECEIVE_NOT_ALLOWED: 'trust',
  RECEIVE_WRONG_MACHINE: 'environment',
  DEPLOY_WRONG_FROM: 'state',
  DEPLOY_NOTHING_ACTIVE: 'state',
  DEPLOY_OLDER_THAN_ACTIVE: 'state',
  DEPLOY_NO_SUCH_VERSION: 'state',
  DEPLOY_NOTHING_TO_ROLL_BACK_TO: 'state',
  DEPLOY_INCOMPLETE_TREE: 'state',
  DEPLOY_WRITERS: 'state',
  DEPLOY_UNHEALTHY: 'state',
  DEPLOY_ACTIVE: 'state',
  RECOVER_FAILED: 'state',
  TARGET_CONFLICT: 'state',
  TARGET_OUTSIDE_ROOT: 'state',
  TARGET_SETUID: 'trust',
  TARGET_UNKNOWN_OWNER: 'state',
  TRUST_NO_CHANNEL: 'trust',
  TRUST_KEYS_ENDLESS: 'trust',
  TRUST_UNFIT_KEY: 'trust',
  TRUST_NO_SUCH_KEY: 'usage',
  TRUST_TOO_FEW_KEYS: 'state',
  DEPLOY_BEHIND_BARRIER: 'state',
  AUDIT_NO_TRAIL: 'state',
  AUDIT_UNREADABLE: 'state',
  AUDIT_NOT_WRITTEN: 'state',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type ReceiverErrorCode = keyof typeof CATEGORY_OF;

/** A host that is not in a state that allows what was asked, or is asked for something unsafe. */
export class ReceiverError extends errorsOf(CATEGORY_OF) {}
