import type { ObjectType } from './object-facts.ts';

/**
 * What a stream changes, computed from the stream alone. Paths are text as `pathText` makes it, sorted bytewise; those
 * of the snapshot that the stream makes, but in `removed` and as `from`, where they are the parent's.
 */
export interface Changes {
  /** Made by the stream. Of several names of one new object, the first; the others are `links`. */
  readonly created: readonly CreatedObject[];
  /** Files whose contents were set anew, and names that something new has. */
  readonly changed: readonly ChangedObject[];
  /** Paths of the parent in whose place there is nothing. */
  readonly removed: readonly RemovedObject[];
  /** A renamed directory is one entry; what is in it is not listed. */
  readonly renamed: readonly RenamedObject[];
  /** Further names of an object, made by the stream. */
  readonly links: readonly LinkedName[];
  /** Only mode, owner, extended attributes or inode flags. Times alone are no change. */
  readonly metadata: readonly MetadataChange[];
}

export interface CreatedObject extends ContentChange {
  readonly path: string;
  readonly type: ObjectType;
  /** Of a symlink: where it points. */
  readonly target?: string;
}

export interface ChangedObject extends ContentChange {
  readonly path: string;
  readonly type: ObjectType;
  /** Another object than the parent's that was here, which is gone. Missing: the same one, with other contents. */
  readonly replaced?: true;
  readonly target?: string;
  /** What else changed of a file that is the same. */
  readonly metadata?: ChangedMetadata;
}

/** Only of files. A byte that is set twice counts twice. */
export interface ContentChange {
  /** Bytes of contents set anew: written, cloned, punched out; or announced, with `--no-data`. */
  readonly bytes?: number;
  /** Those of them that travel in the stream, as they travel. */
  readonly carried?: number;
  /** The size that the file is cut or grown to, where the stream says so. */
  readonly size?: number;
}

export interface RemovedObject {
  readonly path: string;
  readonly type: ObjectType;
}

export interface RenamedObject {
  readonly from: string;
  readonly to: string;
  /** Missing when the stream does not tell. */
  readonly type?: ObjectType;
  /** The parent has another object here, which is gone. */
  readonly replaced?: true;
}

export interface LinkedName {
  readonly path: string;
  /** Another name of the same object. */
  readonly to: string;
  readonly replaced?: true;
}

export interface MetadataChange extends ChangedMetadata {
  readonly path: string;
  readonly type?: ObjectType;
}

/** What the stream sets. It does not tell what the parent had. */
export interface ChangedMetadata {
  /** Four octal digits. */
  readonly mode?: string;
  /** `UID:GID` */
  readonly owner?: string;
  /** Names of extended attributes, set or removed. */
  readonly xattrs?: readonly string[];
  /** Inode flags (`chattr`), or fs-verity, were set. */
  readonly flags?: true;
}
