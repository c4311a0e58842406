import { rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { encodedBytes, type ReleaseManifest } from '@goldstream/release';
import {
  deleteSubvolume,
  findSubvolume,
  showSubvolume,
  snapshotSubvolume,
  syncDirectory,
  syncFilesystem,
} from '@goldstream/system';
import { lookAtReceived, type ReceivedSnapshot, receiveRelease } from '@goldstream/transfer';
import { demandStore } from '../demand-store.ts';
import { BuilderError } from '../error.ts';
import { exists } from '../pool/exists.ts';
import { writeRecord } from '../state/record.ts';
import type { SnapshotRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import type { RehydrateStep } from './plan-rehydrate.ts';
import type { UnfinishedRecord } from './unfinished.ts';

/** How each step of `rehydrate` is done. */
export function rehydrateHandlers(tools: Tools): Handlers<RehydrateStep> {
  const { runner, layout } = tools;
  return {
    'remove-remains': async ({ path, uuid }) => {
      const found = await showSubvolume(runner, path);
      if (found.uuid !== uuid) throw new BuilderError('BUILDER_SNAPSHOT_REPLACED', `${path} was replaced meanwhile`);
      await deleteSubvolume(runner, path);
    },

    'receive-snapshot': async (step) => {
      const { incoming, path } = step;
      const noted: UnfinishedRecord = { incoming: basename(incoming) };
      await writeRecord(layout.unfinished, noted);
      try {
        await receive(tools, step);
        const seen = await lookAtReceived(runner, incoming, step.release.manifest);
        await writeRecord(layout.snapshotRecord(step.release.manifest.version), recordOf(step.release.manifest, seen));
      } catch (error) {
        // Made a moment ago, under the lock and a name that nobody else had.
        if ((await findSubvolume(runner, incoming)) !== undefined) await deleteSubvolume(runner, incoming);
        throw error;
      }
      await rename(incoming, path);
      await syncDirectory(dirname(path));
      await rm(layout.unfinished);
    },

    'snapshot-for-golden': async ({ from, next }) => {
      await snapshotSubvolume(runner, from, next, { readonly: false });
      await syncFilesystem(runner, next);
    },

    'become-golden': async ({ next, golden }) => {
      // rename(2) replaces no subvolume. rmdir(2) removes one, and takes nothing that holds anything.
      if (await exists(golden)) await rmdir(golden);
      await rename(next, golden);
      await syncDirectory(dirname(golden));
    },
  };
}

type ReceiveSnapshot = Extract<RehydrateStep, { kind: 'receive-snapshot' }>;

/** store → verified chunks → `zstd -d` → guard → `btrfs receive --chroot`, as on a host. */
async function receive(tools: Tools, { release, stream, parent, storeUrl, incoming }: ReceiveSnapshot): Promise<void> {
  const { runner, io } = tools;
  const { manifest } = release;
  io.progress.start({ label: `receive ${manifest.version}`, totalBytes: encodedBytes(stream) });
  try {
    await receiveRelease(runner, {
      store: demandStore(tools, storeUrl),
      manifest,
      stream,
      // What our own signature asks hosts to allow. The parent is a release of ours, too.
      policy: manifest.policy,
      ...(parent === undefined ? {} : { parentDirectory: parent.path, parentPolicy: manifest.policy }),
      into: dirname(incoming),
      as: basename(incoming),
      signal: io.signal,
      onBytes: (bytes) => io.progress.advance(bytes),
    });
  } finally {
    io.progress.stop();
  }
}

function recordOf({ version, snapshot, policy, components }: ReleaseManifest, seen: ReceivedSnapshot): SnapshotRecord {
  return {
    version,
    uuid: snapshot.uuid,
    received: { subvolumeUuid: seen.subvolume.uuid, ctransid: seen.hostCtransid },
    contentDigest: snapshot.contentDigest,
    bytes: snapshot.bytes,
    files: snapshot.files,
    extraXattrs: policy.xattrs,
    components,
    created: new Date().toISOString(),
  };
}
