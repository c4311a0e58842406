import type { Journal } from '@goldstream/system';
import type { Layout } from '../host/layout.ts';
import { headsInJournal } from './journal-events.ts';
import type { OtherHead } from './verify-trail.ts';

/** The heads of a trail that were written down elsewhere on this host. Looked at before the trail, which may grow. */
export async function gatherOtherHeads(journal: Journal, { application }: Layout): Promise<readonly OtherHead[]> {
  return headsInJournal(journal, application);
}
