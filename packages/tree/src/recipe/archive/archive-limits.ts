/** Bounds of what is read from an archive, so that a small file cannot fill a disk or the memory. */
export interface ArchiveLimits {
  /** Bytes of the archive when decompressed. */
  readonly bytes: number;
  readonly members: number;
}

/** 256 GiB and two million members: far above any golden tree, far below what hurts. */
export const ARCHIVE_LIMITS: ArchiveLimits = { bytes: 256 * 1024 ** 3, members: 2_000_000 };

/** Linux: `PATH_MAX` less the NUL, and `NAME_MAX`. */
export const LONGEST_PATH = 4095;
export const LONGEST_NAME = 255;
