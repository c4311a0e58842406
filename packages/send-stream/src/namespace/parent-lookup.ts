import type { NodeKind } from './node-kind.ts';

/** What stands at a path of the parent snapshot. */
export interface ParentObject {
  readonly kind: NodeKind;
  /** Permission, set-id and sticky bits (`mode & 0o7777`), where they are known. */
  readonly mode?: number;
  /**
   * The same for every name of one object, different for different objects. Needed where there is more than one name
   * (`nlink > 1`) only: the inode number.
   */
  readonly id?: number | bigint;
}

/** A look at the snapshot that an incremental stream builds on, as it was before the first command. */
export interface ParentLookup {
  /**
   * What is at `path`, as `lstat` sees it; undefined when there is nothing. Every component before the last was looked
   * up before and is a directory, no symlink, so that a look never leaves the parent. What is there is asked for once,
   * but for sources of clones; what is not, again and again.
   * @param path relative and normal, never empty
   */
  find(path: Uint8Array): ParentObject | undefined;
}

/**
 * A parent that cannot be looked at: every name may be there, and may be anything. For lists of changes made from a
 * stream alone. Nothing privileged may be decided by it.
 */
export const UNSEEN_PARENT: ParentLookup = { find: () => UNSEEN };

const UNSEEN: ParentObject = { kind: 'unknown' };
