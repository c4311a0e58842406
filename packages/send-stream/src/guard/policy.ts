/**
 * What a stream may bring beyond the harmless: what the manifest asks for *and* the host allows. Paths are relative to
 * the snapshot's root and are those of the finished snapshot; every name of a hard link has to be listed. The root itself
 * has no name that could be listed.
 */
export interface GuardPolicy {
  /** Files and directories with set-uid or set-gid bits. */
  readonly setuid: readonly string[];
  /** Files with file capabilities (`security.capability`). */
  readonly capabilities: readonly string[];
  /** Device nodes. */
  readonly devices: readonly string[];
  /** Names of extended attributes, in full; `security.capability` is asked for by path only. */
  readonly xattrs: readonly string[];
}

/** Nothing beyond the harmless. */
export const HARMLESS_ONLY: GuardPolicy = { setuid: [], capabilities: [], devices: [], xattrs: [] };
