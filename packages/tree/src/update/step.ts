import type { PathBytes } from '../path-bytes.ts';
import type { StoredFile } from '../tree.ts';

/** Adjacent bytes of a file. */
export interface BlockRange {
  /** Bytes from the start of the file, a multiple of 4 KiB. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** Mode and owner of something new. */
interface NewAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What changes of one path's extended attributes; values are hex. */
export interface XattrStepChange {
  readonly path: PathBytes;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** What can be done to a tree. Paths are relative to its root. */
export type TreeStep =
  | { kind: 'remove'; says: string; path: PathBytes; directory: boolean }
  | ({ kind: 'create-directory'; says: string; path: PathBytes } & NewAttributes)
  | ({ kind: 'write-file'; says: string; path: PathBytes; from: StoredFile } & NewAttributes)
  | {
      kind: 'patch-file';
      says: string;
      path: PathBytes;
      from: StoredFile;
      /** Size before, in bytes: what is found must be this. */
      was: number;
      ranges: readonly BlockRange[];
    }
  | ({ kind: 'create-symlink'; says: string; path: PathBytes; target: PathBytes } & NewAttributes)
  | { kind: 'create-hard-link'; says: string; path: PathBytes; to: PathBytes }
  | {
      kind: 'set-attributes';
      says: string;
      path: PathBytes;
      owner: { readonly uid: number; readonly gid: number } | undefined;
      mode: number | undefined;
    }
  | { kind: 'change-xattrs'; says: string; changes: readonly XattrStepChange[] };

/** A step before it is put into words. */
export type Unsaid<Step extends TreeStep> = Step extends unknown ? Omit<Step, 'says'> : never;
