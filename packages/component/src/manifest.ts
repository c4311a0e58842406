import type { HealthRule } from './health.ts';
import type { Location } from './location.ts';
import type { Words } from './split-words.ts';

/** What a component's manifest.yaml says (the staging layout calls a component a *stage*). Types only. */
export interface ComponentManifest {
  /** As it was handed to `parseComponentManifest`. */
  readonly file: string;
  /** Its place in the order; the lower the earlier. */
  readonly stage: number;
  /** What the component calls itself, and what `dependencies` of others refer to: `core-dbus`, not its folder. */
  readonly component: string;
  readonly version: string;
  readonly description: string;
  readonly files: readonly FileEntry[];
  readonly services: readonly ServiceEntry[];
  readonly persist: readonly PersistEntry[];
  readonly dependencies: readonly Dependency[];
  readonly verify: readonly VerifyEntry[];
  readonly cleanup: readonly CleanupEntry[];
}

/** How a file of the component gets to its place on the system. */
export const FILE_TYPES = ['symlink', 'copy', 'copy-if-not-exists', 'directory', 'systemd-unit', 'dbus'] as const;

/** One of {@link FILE_TYPES}. */
export type FileType = (typeof FILE_TYPES)[number];

/** One file or tree of the component and its place on the system. */
export interface FileEntry {
  /** Relative to the component's folder, normal. */
  readonly path: string;
  /** Absolute, normal, never `/`. */
  readonly target: string;
  readonly type: FileType;
  /** Of a `directory`: whether each file in it is copied, instead of the tree being linked as a whole. */
  readonly copied: boolean;
  /** Permission bits, at most 0o7777; undefined: those of the file in the component. */
  readonly mode: number | undefined;
  /** Undefined: root, and root's group. */
  readonly owner: Owner | undefined;
  readonly at: Location;
}

/** Names or decimal numbers; `group` undefined: the user's own. */
export interface Owner {
  readonly user: string;
  readonly group: string | undefined;
}

/** A unit that belongs to the component, whether it ships the unit file or not. */
export interface ServiceEntry {
  /** With its suffix: `dbus-mcp.socket`, `getty@tty1.service`. */
  readonly unit: string;
  /** Whether it starts at boot. */
  readonly enable: boolean;
  /** Whether it is started when the component is deployed. */
  readonly start: boolean;
  readonly restart: RestartPolicy;
  readonly health: HealthRule;
  readonly at: Location;
}

/**
 * What another version does to a unit that runs and is affected by it. (What systemd does when a unit ends by itself is
 * for `Restart=` of the unit file.)
 */
export const RESTART_POLICIES = [
  /** It is restarted. */
  'affected',
  /** It is told to reload (`ExecReload=`), and restarted when its unit file changed or it uses the old tree. */
  'reload',
  /** It is left running, and named: its operator restarts it. */
  'never',
] as const;

/** One of {@link RESTART_POLICIES}. */
export type RestartPolicy = (typeof RESTART_POLICIES)[number];

/** State that all deployments share: `path` in the component's folder is `persist/NAME` on the host. */
export interface PersistEntry {
  readonly name: string;
  /** Relative to the component's folder, normal. */
  readonly path: string;
  readonly at: Location;
}

/** Something that must be there: another component of the application, or a condition in words that only people check. */
export type Dependency =
  | { readonly kind: 'component'; readonly name: string; readonly at: Location }
  | { readonly kind: 'text'; readonly text: string; readonly at: Location };

/** A command that says whether the component works. */
export interface VerifyEntry {
  /** As written. */
  readonly command: string;
  /** Split by the rule of `splitWords`. */
  readonly words: Words;
  readonly expectExit: number;
  readonly timeoutMs: number;
  readonly at: Location;
}

/**
 * What goes when the component is removed: a file whose digest is the one recorded at deploy, never a modified one.
 * The long form, `/path (if default, remove; if modified, keep)`, says the same in words.
 */
export interface CleanupEntry {
  /** Absolute, normal. */
  readonly path: string;
  readonly at: Location;
}
