import type { Xattrs } from '@goldstream/system';
import type { PathBytes } from './path-bytes.ts';

/** What every inode has. */
export interface Attributes {
  /** Permission bits with set-uid, set-gid and sticky (`0o7777`). Symlinks have 0o777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Those of the names that a release carries, see `isReleasedXattr`. */
  readonly xattrs: Xattrs;
}

export interface DirectoryEntry extends Attributes {
  readonly kind: 'directory';
}

/** A regular file; `Content` says what is known of its bytes. */
export interface FileEntry<Content> extends Attributes {
  readonly kind: 'file';
  /** Bytes. */
  readonly size: number;
  readonly content: Content;
}

export interface SymlinkEntry extends Attributes {
  readonly kind: 'symlink';
  /** The link's text, whatever it says. */
  readonly target: PathBytes;
}

export interface DeviceEntry extends Attributes {
  readonly kind: 'character-device' | 'block-device';
  readonly major: number;
  readonly minor: number;
}

export interface ChannelEntry extends Attributes {
  readonly kind: 'fifo' | 'socket';
}

/** A further name of an inode; everything else is said at its first path in bytewise order. */
export interface HardLinkEntry {
  readonly kind: 'hard-link';
  readonly to: PathBytes;
}

/** What an inode can be. */
export type Inode<Content> = DirectoryEntry | FileEntry<Content> | SymlinkEntry | DeviceEntry | ChannelEntry;

/** What a path can hold. */
export type TreeEntry<Content> = Inode<Content> | HardLinkEntry;

/** Everything below a root and the root itself, sorted bytewise by full path. Parents come before their children. */
export type Tree<Content> = ReadonlyMap<PathBytes, TreeEntry<Content>>;

/** Where a file's bytes are on this machine, and how to notice that they are others by now. */
export interface StoredFile {
  /** Absolute. */
  readonly at: PathBytes;
  /** Bytes. */
  readonly size: number;
  readonly inode: number;
  /** Time of the last modification in milliseconds. */
  readonly modifiedMs: number;
}

/** Told while bytes are read; numbers only grow. */
export interface TreeProgress {
  readonly bytes: number;
  readonly ofBytes: number;
  readonly files: number;
  readonly ofFiles: number;
}

/** The inode at `path`, whichever of its names that is; undefined when there is nothing. */
export function inodeAt<Content>(tree: Tree<Content>, path: PathBytes): Inode<Content> | undefined {
  const entry = tree.get(path);
  if (entry?.kind !== 'hard-link') return entry;
  const first = tree.get(entry.to);
  // A hard link names a first path, never another hard link.
  return first as Inode<Content> | undefined;
}

/** The first path of the inode at `path`. */
export function firstPathOf<Content>(tree: Tree<Content>, path: PathBytes): PathBytes {
  const entry = tree.get(path);
  return entry?.kind === 'hard-link' ? entry.to : path;
}
