/** What an object of a file system is. `other`: not a directory, and the stream says no more. */
export type ObjectType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket'
  | 'other';

/** What a stream says of one object, and only that. */
export interface ObjectFacts {
  type?: ObjectType;
  contents?: ContentTotals;
  metadata?: MetadataFacts;
  /** Of a symlink: where it points, one character a byte. */
  target?: string;
}

/** What a stream does to the contents of a file. A byte that is set twice counts twice. */
export interface ContentTotals {
  /** Bytes of contents that are set anew: written, cloned, punched out, or only announced by `--no-data`. */
  bytes: number;
  /** Bytes of contents that travel in the stream (`encoded_write`: compressed). */
  carried: number;
  /** As the last `truncate` says it. */
  size?: number;
}

/** Mode, owner and what else is no content. */
export interface MetadataFacts {
  /** Permission bits with set-id and sticky. */
  mode?: number;
  uid?: number;
  gid?: number;
  /** Names, one character a byte, and whether each was set last. */
  xattrs?: Map<string, boolean>;
  /** Inode flags of `fileattr`. */
  flags?: bigint;
  verity?: true;
}
