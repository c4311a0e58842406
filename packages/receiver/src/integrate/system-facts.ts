import type { Placed } from '../state/records.ts';
import type { InstalledComponent } from './installed-component.ts';

/** Permission bits and numeric owner of a file. */
export interface FileAttributes {
  /** Permission bits, at most 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What is at a place, the place itself never being followed. `sha256` is of the content, lower-case hex. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'link'; readonly text: string }
  | ({ readonly kind: 'file'; readonly sha256: string } & FileAttributes)
  | { readonly kind: 'directory' }
  /** A device, a socket, a FIFO. */
  | { readonly kind: 'other' };

/** What can be kept and put back: a file or a link of somebody else, as it was before we came. */
export type Original = Extract<Found, { readonly kind: 'link' | 'file' }>;

/** A system target and what it is now. */
export interface TargetFacts {
  /** Its path on this host, with every link on the way resolved inside the root. */
  readonly place: string;
  /** Whether its directory exists: `blocked` when something on the way is no directory. */
  readonly parent: 'present' | 'missing' | 'blocked';
  /** The directories on the way that do not exist, the outermost first; as paths on this host. */
  readonly missing: readonly string[];
  readonly found: Found;
}

/** A file that is to be written, as the manifest wants it. */
export type CopySource = FileAttributes & { readonly sha256: string } & (
    | {
        /** Its path in the read-only layer. */
        readonly path: string;
      }
    /** Its content, where it is ours and no component's. */
    | { readonly text: string }
  );

/** What systemd says of a unit. */
export interface UnitFacts {
  /** `UnitFileState` as `systemctl is-enabled` prints it; `not-found` when there is no such unit. */
  readonly enabled: string;
  /** `ActiveState`; `inactive` for all where no systemd runs. */
  readonly active: string;
}

/** Everything that integration is decided from. */
export interface SystemFacts {
  /** By system target: those of the components and those that were placed before. */
  readonly targets: ReadonlyMap<string, TargetFacts>;
  /** By system target, for the files of components that are copied. */
  readonly sources: ReadonlyMap<string, CopySource>;
  /** Names of the components of which any file differs from the previous version's; new ones are not in it. */
  readonly changed: ReadonlySet<string>;
  readonly units: ReadonlyMap<string, UnitFacts>;
  /** Whether units can be started here: `/` is the root and systemd runs. */
  readonly daemon: boolean;
}

/** What is integrated already. */
export interface Previous {
  /**
   * What was placed. A target may be named several times, oldest first: after an interrupted switch, what is on the
   * system may be either deployment's, and both are ours.
   */
  readonly placed: readonly Placed[];
  /** Units that were enabled by us. */
  readonly enabled: readonly string[];
  /** Units that were enabled by us and then disabled by an operator: they stay so, whatever becomes of their files. */
  readonly disabled?: readonly string[] | undefined;
  /** The components of the version that is left; none if it is not here any more. */
  readonly components: readonly InstalledComponent[];
}

/** On a host where nothing is integrated yet. */
export const NOTHING_BEFORE: Previous = { placed: [], enabled: [], components: [] };
