import type { InstalledComponent } from '../src/integrate/installed-component.ts';
import type { HostStage, SnapshotFacts, StagingFacts, TreeFacts } from '../src/stage/facts.ts';
import type { Marker } from '../src/stage/marker.ts';
import { parseSnapshotName } from '../src/stage/snapshot-name.ts';
import { stagingPaths } from '../src/stage/staging-paths.ts';
import { LAYOUT } from './host-facts.ts';

const PATHS = stagingPaths(LAYOUT);

/** A tree, whose UUID says which one it is. */
export function tree(stage: string, number: number, id = 260 + number): TreeFacts {
  return { stage, number, path: PATHS.tree(stage, number), uuid: `uuid of ${stage}.${number}`, id };
}

/** A snapshot by its name. */
export function snapshot(name: string, stage: string, component?: InstalledComponent, id = 300): SnapshotFacts {
  const named = parseSnapshotName(name);
  if (named === undefined) throw new RangeError(`${name} names no snapshot`);
  return { ...named, stage, component, path: PATHS.snapshot(name, stage), uuid: `uuid of ${name}`, id };
}

/** What makes a stage of a test different from one whose tree is empty. */
export interface GivenStage {
  readonly tree: number;
  readonly component?: InstalledComponent;
  readonly marker?: Partial<Marker>;
  readonly snapshots?: readonly SnapshotFacts[];
}

/** A stage on a host. */
export function hostStage(name: string, { tree: number, component, marker, snapshots = [] }: GivenStage): HostStage {
  return {
    name,
    number: component?.manifest.stage,
    tree: tree(name, number),
    component,
    marker:
      marker === undefined || component === undefined
        ? undefined
        : {
            tree: number,
            component: component.manifest.component,
            version: component.manifest.version,
            at: '2026-11-22T02:00:00.000Z',
            as: 'post-stage-1-20261122-020000',
            placed: [],
            enabled: [],
            disabled: [],
            ...marker,
          },
    snapshots,
  };
}

/** A staging layout that has these stages, and trees that none of them is. */
export function stagingFacts(stages: readonly HostStage[], others: Partial<StagingFacts> = {}): StagingFacts {
  return {
    missing: [],
    stages: new Map(stages.map((stage) => [stage.name, stage])),
    trees: stages.flatMap((stage) => (stage.tree === undefined ? [] : [stage.tree])),
    snapshots: stages.flatMap(({ snapshots }) => snapshots),
    emptyGroups: [],
    pins: new Set(),
    newestId: 280,
    ...others,
  };
}
