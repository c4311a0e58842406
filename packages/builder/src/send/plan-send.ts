import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import { encodedBytes, type Version } from '@goldstream/release';
import {
  budgetSteps,
  type CheckBudgetStep,
  type ExamineDeltaStep,
  examineStep,
  isReportOf,
} from '../delta/plan-delta.ts';
import type { RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import type { StreamRecord } from '../state/records.ts';
import type { SendFacts, SendSettings, WantedStream } from './facts.ts';

/** Makes one stream and its record. */
export interface SendStreamStep extends SendSettings {
  readonly kind: 'send-stream';
  readonly says: string;
  readonly application: string;
  readonly version: Version;
  readonly snapshot: { readonly path: string; readonly uuid: string };
  /** Undefined for the full stream. */
  readonly parent: { readonly version: Version; readonly path: string; readonly uuid: string } | undefined;
  /** Directory of the assets. */
  readonly into: string;
  readonly record: string;
  /** Apparent size of the snapshot for a full stream; how large an incremental gets is not known before. */
  readonly expectedBytes: number | undefined;
}

/** What `send` can do. */
export type SendStep = SendStreamStep | ExamineDeltaStep | CheckBudgetStep;

/**
 * Makes the streams that are missing, or were made with other settings; lets the delta doctor look at each incremental;
 * then holds them against the budget, those of earlier runs too.
 */
export function planSend(facts: SendFacts): Plan<SendStep> {
  const steps = facts.wanted.flatMap((stream) => stepsFor(stream, facts));
  return {
    goal: `send streams of ${facts.version} in ${facts.layout.assets(facts.version)}`,
    steps: [...steps, ...(steps.length === 0 && isWithinBudget(facts) ? [] : checkSteps(facts))],
  };
}

function stepsFor(stream: WantedStream, facts: SendFacts): readonly SendStep[] {
  const { layout, snapshot } = facts;
  const { parent, report } = stream;
  const steps: SendStep[] = isCurrent(stream, facts) ? [] : [sendStep(facts, parent)];
  if (parent === undefined || isReportOf(report, { snapshot, parent })) return steps;
  return [...steps, examineStep({ layout, snapshot, parent })];
}

function checkSteps({ layout, version, budget, wanted }: SendFacts): readonly CheckBudgetStep[] {
  const parents = wanted.flatMap(({ parent }) => (parent === undefined ? [] : [parent.record.version]));
  return budgetSteps({ layout, version, budget }, parents);
}

/** Of streams that are there. */
function isWithinBudget({ wanted, budget = Number.POSITIVE_INFINITY }: SendFacts): boolean {
  return wanted.every(({ parent, existing }) => {
    return parent === undefined || existing === undefined || encodedBytes(existing.stream) <= budget;
  });
}

/** Whether a stream that exists is exactly what sending again would give. */
function isCurrent({ parent, existing }: WantedStream, { snapshot, settings }: SendFacts): boolean {
  if (existing === undefined || existing.snapshot.uuid !== snapshot.record.uuid) return false;
  if (existing.level !== settings.level || existing.partSize !== settings.partSize) return false;
  return parentUuid(existing) === parent?.record.uuid;
}

function parentUuid({ stream }: StreamRecord): string | undefined {
  return stream.kind === 'full' ? undefined : stream.parent.uuid;
}

function sendStep(
  { layout, version, snapshot, settings }: SendFacts,
  parent: RecordedSnapshot | undefined,
): SendStreamStep {
  const manner = parent === undefined ? `in full (about ${formatBytes(snapshot.record.bytes)})` : incrementally(parent);
  return {
    kind: 'send-stream',
    says: `send ${version} ${manner}, zstd level ${settings.level}`,
    application: layout.application,
    version,
    snapshot: { path: snapshot.path, uuid: snapshot.record.uuid },
    parent: parent && { version: parent.record.version, path: parent.path, uuid: parent.record.uuid },
    ...settings,
    into: layout.assets(version),
    record: layout.streamRecord(version, parent?.record.version),
    expectedBytes: parent === undefined ? snapshot.record.bytes : undefined,
  };
}

function incrementally({ record }: RecordedSnapshot): string {
  return `as what differs from ${record.version}`;
}
