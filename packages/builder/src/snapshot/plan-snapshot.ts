import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { BuilderError } from '../error.ts';
import type { SnapshotFacts } from './facts.ts';

/** What `snapshot` can do. */
export type SnapshotStep =
  | { kind: 'remove-unproven'; says: string; path: string; uuid: string }
  | {
      kind: 'make-snapshot';
      says: string;
      version: Version;
      golden: string;
      /** Where it is made; it gets its name only when it was proven and recorded. */
      unproven: string;
      path: string;
      /** What its content digest must be. */
      contentDigest: string;
    };

/**
 * Decides how golden becomes a version. The name of a version always stands for a snapshot that is complete; where it is
 * the one that would be made, nothing is left to do: whoever was interrupted can run the same commands again.
 * @throws BuilderError `BUILDER_SNAPSHOT_EXISTS`, `BUILDER_GOLDEN_NOT_UPDATED`, `BUILDER_POOL_BLOCKED`
 */
export function planSnapshot(facts: SnapshotFacts, version: Version): Plan<SnapshotStep> {
  const { layout, golden, record, taken, unproven } = facts;
  const path = layout.snapshot(version);
  const goal = `a read-only snapshot ${version} of ${golden.path}`;
  if (taken !== undefined) {
    if (taken.contentDigest === record?.contentDigest) {
      return { goal, notes: [`${path} is exactly what golden is`], steps: [] };
    }
    throw new BuilderError(
      'BUILDER_SNAPSHOT_EXISTS',
      `${path} exists already and holds something else; a version never changes`,
      {
        hint: 'Choose the next version.',
      },
    );
  }
  if (record === undefined) {
    throw new BuilderError('BUILDER_GOLDEN_NOT_UPDATED', `${golden.path} was never brought in line with a recipe`, {
      hint: 'Run goldstream-builder golden update first.',
    });
  }
  if (unproven !== undefined && !(unproven.readonly && unproven.parentUuid === golden.uuid)) {
    throw new BuilderError('BUILDER_POOL_BLOCKED', `${unproven.path} is not a snapshot of golden, so it is not ours`, {
      hint: 'Move it away.',
    });
  }
  const make: SnapshotStep = {
    kind: 'make-snapshot',
    says: `make ${path}, ${record.files} files with ${formatBytes(record.bytes)}, and prove that it is ${record.contentDigest.slice(0, 19)}…`,
    version,
    golden: golden.path,
    unproven: layout.unprovenSnapshot(version),
    path,
    contentDigest: record.contentDigest,
  };
  if (unproven === undefined) return { goal, steps: [make] };
  const says = `remove ${unproven.path}, which an interrupted run left`;
  return { goal, steps: [{ kind: 'remove-unproven', says, path: unproven.path, uuid: unproven.uuid }, make] };
}
