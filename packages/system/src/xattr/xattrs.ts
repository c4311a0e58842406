/**
 * The extended attributes of one inode: name → value as lower-case hex without a prefix.
 * Names are bytes, written as one Latin-1 character per byte (`user.caf\xc3\xa9` for a UTF-8 name).
 */
export type Xattrs = ReadonlyMap<string, string>;

/** A path with its attributes. */
export interface PathXattrs {
  /** Absolute, one Latin-1 character per byte: names that are not UTF-8 survive. */
  readonly path: string;
  readonly xattrs: Xattrs;
}

/** What to change at one path. Attributes that are named in neither list stay as they are. */
export interface XattrChange {
  /** Absolute, one Latin-1 character per byte. */
  readonly path: string;
  readonly set: Xattrs;
  readonly remove: readonly string[];
}
