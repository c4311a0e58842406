/** Something in a stream that whoever lets it in may want to know. */
export interface Finding {
  /**
   * - `set-id`: a set-uid or set-gid bit
   * - `capability`: file capabilities
   * - `device`: a device node
   * - `xattr`: an extended attribute outside `user.`, ACLs, `security.selinux` and `btrfs.`
   * - `no-data`: the stream was made with `--no-data`
   * - `names`: a command names what cannot be there
   * - `outward-symlink`: a symlink that points out of the snapshot
   * - `flags`: inode flags, or fs-verity
   */
  readonly kind: FindingKind;
  /** `policy`: no host takes it unless manifest and configuration allow it. `information`: allowed, and good to know. */
  readonly weight: 'policy' | 'information';
  /** The name at the end of the stream, as `pathText` makes it; missing where none is meant. */
  readonly path?: string;
  /** What was found, in a few words: a mode, a target, a name. */
  readonly says: string;
}

export type FindingKind =
  | 'set-id'
  | 'capability'
  | 'device'
  | 'xattr'
  | 'no-data'
  | 'names'
  | 'outward-symlink'
  | 'flags';
