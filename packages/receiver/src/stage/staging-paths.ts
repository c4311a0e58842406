import { join } from 'node:path';
import { type Layout, numberName } from '../host/layout.ts';

/** Every path of the staging layout on a host, below the pool. */
export interface StagingPaths {
  /** A subvolume. */
  readonly root: string;
  /** Holds the trees of all stages, each a subvolume: `stage-1-core-dbus.0002`. */
  readonly trees: string;
  /** Holds a directory for each snapshot, and in it the snapshot under the stage's own name. */
  readonly snapshots: string;
  /** The link that names a stage's tree: one rename(2) puts another in its place. */
  link(stage: string): string;
  /** Text of that link, relative to the root. */
  linkText(stage: string, tree: number): string;
  tree(stage: string, tree: number): string;
  /** The directory of a snapshot. */
  group(snapshot: string): string;
  snapshot(snapshot: string, stage: string): string;
}

/** The staging layout of an application. */
export function stagingPaths({ pool }: Pick<Layout, 'pool'>): StagingPaths {
  const root = join(pool, 'staging');
  const linkText = (stage: string, tree: number) => join('trees', `${stage}.${numberName(tree)}`);
  return {
    root,
    trees: join(root, 'trees'),
    snapshots: join(root, 'snapshots'),
    link: (stage) => join(root, stage),
    linkText,
    tree: (stage, tree) => join(root, linkText(stage, tree)),
    group: (snapshot) => join(root, 'snapshots', snapshot),
    snapshot: (snapshot, stage) => join(root, 'snapshots', snapshot, stage),
  };
}

/** The stage and number that a name in `trees/` says; undefined for a name that this program does not give. */
export function parseTreeName(name: string): { readonly stage: string; readonly number: number } | undefined {
  const [, stage, number] = /^([^.].*)\.(\d{4,9})$/.exec(name) ?? [];
  return stage === undefined || number === undefined ? undefined : { stage, number: Number(number) };
}
