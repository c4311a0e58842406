import { formatBytes } from '@goldstream/cli';
import type { Version } from '@goldstream/release';
import type { Layout } from '../layout.ts';
import type { RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import type { DeltaReport } from './report.ts';

/** Lets the delta doctor look at one incremental. */
export interface ExamineDeltaStep {
  readonly kind: 'examine-delta';
  readonly says: string;
  readonly version: Version;
  readonly snapshot: { readonly path: string; readonly uuid: string };
  readonly parent: { readonly version: Version; readonly path: string; readonly uuid: string };
  /** Record of the stream. */
  readonly record: string;
  readonly report: string;
}

/** Refuses incrementals that are too large. */
export interface CheckBudgetStep {
  readonly kind: 'check-budget';
  readonly says: string;
  /** Compressed bytes that no incremental may exceed. */
  readonly budget: number;
  /** Of each incremental. */
  readonly deltas: readonly { readonly record: string; readonly report: string }[];
}

/** Of what an incremental is made. */
export interface DeltaPair {
  readonly layout: Layout;
  readonly snapshot: RecordedSnapshot;
  readonly parent: RecordedSnapshot;
}

/** Compares what an incremental sends with what its parent holds. */
export function examineStep({ layout, snapshot, parent }: DeltaPair): ExamineDeltaStep {
  const [{ version, uuid }, of] = [snapshot.record, parent.record];
  return {
    kind: 'examine-delta',
    says: `compare what ${version} sends with what ${of.version} holds`,
    version,
    snapshot: { path: snapshot.path, uuid },
    parent: { version: of.version, path: parent.path, uuid: of.uuid },
    record: layout.streamRecord(version, of.version),
    report: layout.deltaReport(version, of.version),
  };
}

/** Whether a report is of these very snapshots. */
export function isReportOf(report: DeltaReport | undefined, { snapshot, parent }: Omit<DeltaPair, 'layout'>): boolean {
  return report?.uuid === snapshot.record.uuid && report.parent.uuid === parent.record.uuid;
}

/** Holds the incrementals from these parents against the budget. None where there is nothing to hold or no budget. */
export function budgetSteps(
  {
    layout,
    version,
    budget,
  }: { readonly layout: Layout; readonly version: Version; readonly budget: number | undefined },
  parents: readonly Version[],
): readonly CheckBudgetStep[] {
  if (budget === undefined || parents.length === 0) return [];
  return [
    {
      kind: 'check-budget',
      says: `check that no incremental exceeds ${formatBytes(budget)}`,
      budget,
      deltas: parents.map((parent) => ({
        record: layout.streamRecord(version, parent),
        report: layout.deltaReport(version, parent),
      })),
    },
  ];
}
