import type { Command } from '@goldstream/system';

/** One thing that a recipe puts into the tree. What `golden.yaml` says is mapped to this by the builder. */
export type TreeSource = DirectorySource | ArchiveSource | BuildSource;

/** What all sources have. */
interface SourceBase {
  /** Where the recipe says it, as `golden.yaml:12`; begins every message about this source. */
  readonly location: string;
  /** Where it goes, relative to the tree's root; `.` is the root itself. */
  readonly into: string;
  /**
   * `normal`: root:root, 0755 for directories and what its owner may execute, 0644 else, no extended attributes.
   * `preserve`: mode, numeric owner and extended attributes of the source as they are.
   */
  readonly attributes: 'normal' | 'preserve';
}

/** A directory; its contents become the contents of `into`. */
export interface DirectorySource extends SourceBase {
  readonly kind: 'directory';
  /** Relative to the recipe's folder. */
  readonly path: string;
}

/** A tar archive; its members are unpacked into `into`. */
export interface ArchiveSource extends SourceBase {
  readonly kind: 'archive';
  /** Relative to the recipe's folder. */
  readonly path: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** How many leading components are cut off each member's name; members with fewer are left out. */
  readonly strip: number;
}

/** A command that is run in the recipe; then its output, a directory or a file, becomes `into`. */
export interface BuildSource extends SourceBase {
  readonly kind: 'build';
  readonly command: Command;
  /** The working directory, relative to the recipe's folder. */
  readonly in: string;
  /** What the command leaves behind, relative to `in`. */
  readonly output: string;
}
