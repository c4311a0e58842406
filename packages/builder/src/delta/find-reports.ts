import type { Version } from '@goldstream/release';
import type { Layout } from '../layout.ts';
import { readRecord } from '../state/record.ts';
import { type DeltaReport, deltaReport } from './report.ts';

/** What the delta doctor found out about a version's incrementals from these parents, where it looked at them. */
export async function findReports(
  layout: Layout,
  version: Version,
  parents: readonly Version[],
): Promise<readonly DeltaReport[]> {
  const reports = await Promise.all(parents.map((parent) => findReport(layout, version, parent)));
  return reports.flatMap((report) => (report === undefined ? [] : [report]));
}

/** What the delta doctor found out about one incremental; undefined when it did not look. */
export function findReport(layout: Layout, version: Version, parent: Version): Promise<DeltaReport | undefined> {
  return readRecord(layout.deltaReport(version, parent), deltaReport);
}
