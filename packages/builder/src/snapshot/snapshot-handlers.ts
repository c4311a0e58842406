import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes, formatDuration } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import { deleteSubvolume, showSubvolume, snapshotSubvolume, syncDirectory, syncFilesystem } from '@goldstream/system';
import { contentDigest, gatherTree } from '@goldstream/tree';
import { BuilderError } from '../error.ts';
import { readComponents } from '../recipe/read-components.ts';
import { writeRecord } from '../state/record.ts';
import type { SnapshotRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { treeProgress } from '../tree-progress.ts';
import { goldenChanged } from './golden-changed.ts';
import type { SnapshotStep } from './plan-snapshot.ts';

/** How each step of `snapshot` is done. */
export function snapshotHandlers(tools: Tools): Handlers<SnapshotStep> {
  const { runner } = tools;
  return {
    'remove-unproven': async ({ path, uuid }) => {
      const found = await showSubvolume(runner, path);
      if (found.uuid !== uuid) throw new BuilderError('BUILDER_SNAPSHOT_REPLACED', `${path} was replaced meanwhile`);
      await deleteSubvolume(runner, path);
    },
    'make-snapshot': async (step) => {
      await snapshotSubvolume(runner, step.golden, step.unproven, { readonly: true });
      try {
        const record = await prove(tools, step);
        await syncFilesystem(runner, step.unproven);
        await writeRecord(tools.layout.snapshotRecord(step.version), record);
      } catch (error) {
        // Made a moment ago, under the lock.
        await deleteSubvolume(runner, step.unproven);
        throw error;
      }
      await rename(step.unproven, step.path);
      await syncDirectory(dirname(step.path));
    },
  };
}

type MakeSnapshot = Extract<SnapshotStep, { kind: 'make-snapshot' }>;

/** What was frozen must be what `golden update` left: golden is writable, and anybody may have written to it since. */
async function prove(tools: Tools, { unproven, version, contentDigest: expected }: MakeSnapshot) {
  const { runner, io, layout, recipe } = tools;
  const started = io.now();
  const onProgress = treeProgress(io, `content digest of ${version}`);
  const { xattrs: extraXattrs } = recipe.golden.policy;
  const { digest, bytes, files } = await contentDigest(unproven, { runner, onProgress, extraXattrs });
  io.say(`content digest of ${formatBytes(bytes)} in ${formatDuration(io.now() - started)}`);
  const { entries } = await gatherTree(unproven, runner);
  if (digest !== expected) throw await goldenChanged(layout, entries);
  const components = await readComponents(entries);
  return {
    version,
    uuid: (await showSubvolume(runner, unproven)).uuid,
    contentDigest: digest,
    bytes,
    files,
    extraXattrs,
    components: components.map(({ manifest }) => ({
      name: manifest.component,
      version: manifest.version,
      stage: manifest.stage,
    })),
    created: new Date().toISOString(),
  } satisfies SnapshotRecord;
}
