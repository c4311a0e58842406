import type { Handlers } from '@goldstream/plan';
import { BuilderError } from '../error.ts';
import { demandStreamRecord } from '../state/demand-stream-record.ts';
import { readRecord, writeRecord } from '../state/record.ts';
import type { Tools } from '../tools.ts';
import { examineSnapshots } from './examine-snapshots.ts';
import { makeReport } from './make-report.ts';
import type { CheckBudgetStep, ExamineDeltaStep } from './plan-delta.ts';
import { refuseOverBudget } from './refuse-over-budget.ts';
import { renderReport } from './render-report.ts';
import { type DeltaReport, deltaReport } from './report.ts';

/** Less is read before anybody could read the line about it. Bytes. */
const WORTH_TELLING = 64 * 1024 * 1024;

/** How incrementals are examined, and held against the budget. */
export function deltaHandlers({ runner, io }: Tools): Handlers<ExamineDeltaStep | CheckBudgetStep> {
  return {
    'examine-delta': async ({ version, snapshot, parent, record, report: path }) => {
      const { stream } = await demandStreamRecord(record);
      const label = `compare ${version} with ${parent.version}`;
      const examination = await examineSnapshots(runner, {
        snapshot: snapshot.path,
        parent: parent.path,
        signal: io.signal,
        onSize: (bytes) => {
          if (bytes >= WORTH_TELLING) io.progress.start({ label });
        },
        onBytes: (bytes) => io.progress.advance(bytes),
      });
      io.progress.stop();
      const report = makeReport(examination, {
        version,
        uuid: snapshot.uuid,
        parent: { version: parent.version, uuid: parent.uuid },
        rawBytes: stream.rawBytes,
      });
      await writeRecord(path, report);
      for (const line of renderReport(report)) io.say(line);
    },
    'check-budget': async ({ budget, deltas }) => {
      for (const { record, report } of deltas) {
        const { stream } = await demandStreamRecord(record);
        if (stream.kind === 'incremental') refuseOverBudget(stream, await demandReport(report), budget);
      }
    },
  };
}

async function demandReport(path: string): Promise<DeltaReport> {
  const report = await readRecord(path, deltaReport);
  if (report !== undefined) return report;
  throw new BuilderError('BUILDER_BAD_RECORD', `${path} is gone, though it was just written or found`);
}
