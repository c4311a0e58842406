import type { Journal } from '@goldstream/system';
import type { Layout } from '../host/layout.ts';
import { readDeploymentRecords } from '../state/store-records.ts';
import { headsInJournal } from './journal-events.ts';
import type { OtherHead } from './verify-trail.ts';

/** The heads of a trail that were written down elsewhere on this host. Looked at before the trail, which may grow. */
export async function gatherOtherHeads(journal: Journal, layout: Layout): Promise<readonly OtherHead[]> {
  const [told, records] = await Promise.all([
    headsInJournal(journal, layout.application),
    readDeploymentRecords(layout),
  ]);
  const remembered = records.flatMap(({ number, audit }) =>
    audit === undefined ? [] : [{ where: `the record of deployment ${number}`, ...audit }],
  );
  return [...told, ...remembered];
}
