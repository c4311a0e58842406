import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import { encodedBytes, fullAssetNames, incrementalAssetNames } from '@goldstream/release';
import type { StreamHead } from '@goldstream/send-stream';
import { makeDirectoryDurably } from '@goldstream/system';
import { deltaHandlers } from '../delta/delta-handlers.ts';
import { BuilderError } from '../error.ts';
import { readRecord, writeRecord } from '../state/record.ts';
import { type StreamRecord, streamRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { UNFINISHED } from './part-writer.ts';
import type { SendStep, SendStreamStep } from './plan-send.ts';
import { type SentStream, sendStream } from './send-stream.ts';

/** How a stream is made, examined, and held against the budget. */
export function sendHandlers(tools: Tools): Handlers<SendStep> {
  const { runner, io } = tools;
  return {
    ...deltaHandlers(tools),
    'send-stream': async (step) => {
      await makeDirectoryDurably(step.into);
      await removeRemains(step);
      const label = step.parent === undefined ? `${step.version} full` : `${step.version} from ${step.parent.version}`;
      io.progress.start({
        label,
        ...(step.expectedBytes === undefined ? {} : { totalBytes: step.expectedBytes }),
      });
      const sent = await sendStream(runner, {
        snapshot: step.snapshot.path,
        parent: step.parent?.path,
        level: step.level,
        partSize: step.partSize,
        into: step.into,
        nameParts: (parts) => assetNames(step, parts),
        signal: io.signal,
        onBytes: (bytes) => io.progress.advance(bytes),
      });
      io.progress.stop();
      const record = recordOf(step, sent);
      await writeRecord(step.record, record);
      io.say(`${label}: ${formatBytes(sent.rawBytes)} raw, ${formatBytes(encodedBytes(record.stream))} compressed`);
    },
  };
}

/**
 * Takes away what earlier runs left: the record of a stream of other settings before the files that it names, and what
 * was unfinished when a run was killed. The directory is ours, and nobody else is at work in it.
 */
async function removeRemains({ record, into }: SendStreamStep): Promise<void> {
  const earlier = await readRecord(record, streamRecord);
  await rm(record, { force: true });
  const unfinished = (await readdir(into)).filter((name) => name.endsWith(UNFINISHED));
  const replaced = earlier?.stream.assets.map(({ name }) => name) ?? [];
  for (const name of [...unfinished, ...replaced]) await rm(join(into, name), { force: true });
}

function assetNames({ application, version, parent }: SendStreamStep, parts: number): readonly string[] {
  if (parent === undefined) return fullAssetNames(application, version, parts);
  return incrementalAssetNames(application, version, parent.version, parts);
}

function recordOf(step: SendStreamStep, { head, rawBytes, rawSha256, assets }: SentStream): StreamRecord {
  demandHead(step, head);
  const body = { protocol: head.version, encoding: 'zstd' as const, rawBytes, rawSha256, assets };
  return {
    stream:
      step.parent === undefined
        ? { kind: 'full', ...body }
        : { kind: 'incremental', parent: { version: step.parent.version, uuid: step.parent.uuid }, ...body },
    snapshot: { name: head.name, uuid: head.uuid, transid: Number(head.transid) },
    level: step.level,
    partSize: step.partSize,
  };
}

/** The stream must be of the snapshot and the parent that were asked for: hosts are told so by the manifest. */
function demandHead({ snapshot, parent, version }: SendStreamStep, { name, uuid, parent: sent }: StreamHead): void {
  const wanted = `${version} ${snapshot.uuid} ${parent?.uuid ?? 'in full'}`;
  const found = `${name} ${uuid} ${sent?.uuid ?? 'in full'}`;
  if (wanted === found) return;
  throw new BuilderError('BUILDER_WRONG_STREAM', `btrfs send wrote a stream of ${found}, expected ${wanted}`);
}
