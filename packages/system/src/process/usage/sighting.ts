/** One way in which a subvolume is in use, or may be. */
export type SubvolumeUse =
  /** A mount shows it or a part of it. */
  | { readonly kind: 'mount'; readonly mountPoint: string; readonly process: number; readonly own: boolean }
  /** It is, or holds, a layer of an overlay. `own`: in our mount namespace; else in that of `process`. */
  | { readonly kind: 'layer'; readonly mountPoint: string; readonly process: number; readonly own: boolean }
  /** A process has something of it open, mapped, as its working directory, root directory or program. */
  | { readonly kind: 'process'; readonly process: number; readonly program: string; readonly by: HeldBy }
  /** A file of it is what a loop device shows: the kernel holds that open, no process does. */
  | { readonly kind: 'loop'; readonly device: string }
  /** Something that could be a use and cannot be looked into. */
  | { readonly kind: 'unknown'; readonly says: string };

/** How a process holds a file. */
export type HeldBy = 'descriptor' | 'mapping' | 'cwd' | 'root' | 'exe';

/** A subvolume that is looked for. */
export interface Target {
  readonly path: string;
  /** `st_dev` of everything in it. */
  readonly subvolumeDevice: bigint;
  /** Its filesystem's device in mountinfo. */
  readonly device: string;
  /** Its path from the filesystem's own top, as mountinfo's roots are written. */
  readonly inFilesystem: string;
}

/** A use and whose it is: a target's path, or any of them. */
export interface Sighting {
  readonly target: string | 'any';
  readonly use: SubvolumeUse;
}
