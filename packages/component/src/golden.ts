import type { Location } from './location.ts';
import type { Words } from './split-words.ts';

/** What golden.yaml says: of what the golden subvolume is made, and how it is released. Types only; `parseGolden` reads it. */
export interface Golden {
  /** As it was handed to `parseGolden`. */
  readonly file: string;
  /** The name that file names, units and folders on hosts begin with. */
  readonly application: string;
  /** In the order of the file, at least one. */
  readonly sources: readonly Source[];
  readonly release: ReleaseSettings;
  readonly policy: GoldenPolicy;
}

/**
 * What releases ask every host to allow beyond the usual; a host that does not refuses them. Paths are relative to the
 * golden subvolume's root.
 */
export interface GoldenPolicy {
  /** Files and directories with set-uid or set-gid bits. */
  readonly setuid: readonly string[];
  /** Files with `security.capability`. */
  readonly capabilities: readonly string[];
  /** Device nodes. */
  readonly devices: readonly string[];
  /** Full names of extended attributes beyond the usual ones. */
  readonly xattrs: readonly string[];
}

/** One thing that is put into the golden subvolume. */
export type Source = DirectorySource | ArchiveSource | BuildSource;

/**
 * How modes, owners and extended attributes come about.
 * `normal`, as git does: root:root, 0755 for directories and what its owner may execute, 0644 else, no xattrs.
 * `preserve`: mode, numeric owner and xattrs of the source as they are.
 */
export type SourceAttributes = 'normal' | 'preserve';

/** What all sources have. */
export interface SourceBase {
  /** Where it goes: a normal path relative to the golden subvolume's root; `.` is the root itself. */
  readonly into: string;
  readonly attributes: SourceAttributes;
  /** Where it stands in golden.yaml, for errors that are found later. */
  readonly at: Location;
}

/** A directory; its contents become the contents of `into`. */
export interface DirectorySource extends SourceBase {
  readonly kind: 'directory';
  /** Relative to the recipe's folder, normal. */
  readonly path: string;
}

/** A tar archive; its members are unpacked into `into`. */
export interface ArchiveSource extends SourceBase {
  readonly kind: 'archive';
  /** Relative to the recipe's folder, normal. */
  readonly path: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** How many leading components are cut off each member's name. */
  readonly strip: number;
}

/** A command that is run; then its output, a directory or a file, becomes `into`. */
export interface BuildSource extends SourceBase {
  readonly kind: 'build';
  readonly command: Words;
  /** The working directory, relative to the recipe's folder; `.` is the folder itself. */
  readonly in: string;
  /** What the command leaves behind, relative to `in`; `.` is `in` itself. */
  readonly output: string;
}

/** How versions are cut. */
export interface ReleaseSettings {
  /** What the programs inside run on, as `uname -m` names it; `all`: on everything. Undefined: on the builder's machine. */
  readonly architecture: string | undefined;
  /** Largest asset in bytes; below 2 GiB. */
  readonly partSize: number;
  /** zstd level, 1 to 19. */
  readonly level: number;
  /** For how many earlier releases an incremental is offered. */
  readonly parents: number;
  /** Largest incremental allowed, in bytes. */
  readonly budget: number | undefined;
  /** The signing keys: fingerprints or user ids. None begins with a dash. Empty: whichever there are. */
  readonly keys: readonly string[];
  /** URL of the store, such as `dir:/srv/releases`. Only its form `scheme:rest` was checked. */
  readonly store: string | undefined;
}
