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
  /** Undefined where the stream does not tell. */
  readonly type: ObjectType | undefined;
  readonly contents: ContentTotals | undefined;
  readonly metadata: MetadataFacts | undefined;
  /** Of a symlink: where it points, one character a byte. */
  readonly target: string | undefined;
}

/** What a stream does to the contents of a file. A byte that is set twice counts twice. */
export interface ContentTotals {
  /** Bytes of contents that are set anew: written, cloned, punched out, or only announced by `--no-data`. */
  readonly bytes: number;
  /** Bytes of contents that travel in the stream (`encoded_write`: compressed). */
  readonly carried: number;
  /** As the last `truncate` says it. */
  readonly size: number | undefined;
}

/** Mode, owner and what else is no content. */
export interface MetadataFacts {
  /** Permission bits with set-id and sticky. */
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** Names, one character a byte, and whether each was set last. */
  readonly xattrs: ReadonlyMap<string, boolean> | undefined;
  /** Inode flags of `fileattr`. */
  readonly flags: bigint | undefined;
  readonly verity: boolean;
}
