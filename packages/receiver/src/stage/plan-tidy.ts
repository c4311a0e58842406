import { dirname } from 'node:path';
import type { Plan } from '@goldstream/plan';
import { describeUse, type SubvolumeUse } from '@goldstream/system';
import type { SnapshotFacts, StagingFacts } from './facts.ts';
import { byTime } from './snapshot-name.ts';
import type { DeleteTree, TidyStep } from './step.ts';

/** From what it is decided what goes. */
export interface TidyFacts {
  readonly staging: StagingFacts;
  /** How many of the newest snapshots are kept of each stage, and of each kind. */
  readonly keep: number;
  /** Who uses trees and snapshots, by path. */
  readonly uses: ReadonlyMap<string, readonly SubvolumeUse[]>;
}

/** What may go as far as names and records say: trees that no stage is, and snapshots that nothing keeps. */
export function unneeded({ staging, keep }: Pick<TidyFacts, 'staging' | 'keep'>): readonly DeleteTree[] {
  const { stages, trees, snapshots } = staging;
  const named = new Set([...stages.values()].map(({ tree }) => tree?.path));
  return [
    ...trees
      .filter(({ path }) => !named.has(path))
      .map(({ path, uuid }) => ({ kind: 'delete-tree' as const, says: `delete ${path}`, path, uuid })),
    ...snapshots
      .filter((snapshot) => keptBecause(staging, keep, snapshot).length === 0)
      .map(({ name, path, uuid }) => ({
        kind: 'delete-tree' as const,
        says: `delete the snapshot ${name}`,
        path,
        uuid,
        group: dirname(path),
      })),
  ];
}

/** Why a snapshot is kept; nothing: nobody needs it. */
export function keptBecause(
  { stages, snapshots, pins }: StagingFacts,
  keep: number,
  { name, stage, purpose }: SnapshotFacts,
): readonly string[] {
  const newestFirst = snapshots
    .filter((one) => one.stage === stage)
    .toSorted(byTime)
    .toReversed();
  const alike = newestFirst.filter((one) => one.purpose === purpose).slice(0, keep);
  const nothing = newestFirst.find(({ component, problem }) => component === undefined && problem === undefined);
  const marker = stages.get(stage)?.marker;
  return [
    ...(marker?.as === name ? ['as deployed'] : []),
    ...(marker?.before === name ? ['rollback goes there'] : []),
    ...(nothing?.name === name ? ['the way back to nothing'] : []),
    ...(pins.has(name) ? ['pinned'] : []),
    ...(alike.some((one) => one.name === name) ? [`one of the ${keep} newest of its kind`] : []),
  ];
}

/** Decides what nobody needs and nobody uses. By the rules of versions: so many of the newest, pins, what is in use. */
export function planTidy(facts: TidyFacts): Plan<TidyStep> {
  const { staging, uses } = facts;
  const candidates = unneeded(facts);
  const useOf = (path: string) => uses.get(path)?.[0];
  const { emptyGroups: groups } = staging;
  return {
    goal: 'have no trees and snapshots of stages that nobody needs',
    notes: candidates.flatMap(({ path }) => {
      const use = useOf(path);
      return use === undefined ? [] : [`keep ${path}: ${describeUse(use)}`];
    }),
    steps: [
      ...candidates.filter(({ path }) => useOf(path) === undefined),
      ...(groups.length === 0
        ? []
        : [{ kind: 'remove-empty-groups' as const, says: `remove ${groups.join(', ')}`, groups }]),
    ],
  };
}
