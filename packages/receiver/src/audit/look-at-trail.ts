import { ReceiverError } from '../error.ts';
import { gatherLinks } from './gather-links.ts';
import { openTrail } from './open-trail.ts';
import { scanTrail } from './scan-trail.ts';
import { readStoredHead } from './trail-head.ts';
import type { OtherHead, TrailFacts } from './verify-trail.ts';

/** Where a trail and its head are stored. */
export interface TrailPaths {
  readonly trail: string;
  readonly head: string;
}

/**
 * Reads a whole trail, also while others append to it.
 * @throws ReceiverError `AUDIT_UNREADABLE`
 */
export async function lookAtTrail(paths: TrailPaths, others: readonly OtherHead[] = []): Promise<TrailFacts> {
  const stored = await readStoredHead(paths.head);
  await using file = await openTrail(paths.trail);
  const { links, trailing } =
    file === undefined ? { links: [], trailing: undefined } : await gatherLinks(scanTrail(file.read()));
  const after = await readStoredHead(paths.head);
  return { links, trailing, stored, grew: JSON.stringify(after) !== JSON.stringify(stored), others };
}

/**
 * Reads a trail that was brought from elsewhere, without what was stored beside it.
 * @throws ReceiverError `AUDIT_UNREADABLE`
 */
export async function lookAtFile(path: string, others: readonly OtherHead[]): Promise<TrailFacts> {
  await using file = await openTrail(path);
  if (file === undefined) throw new ReceiverError('AUDIT_UNREADABLE', `${path} does not exist`);
  const { links, trailing } = await gatherLinks(scanTrail(file.read()));
  return { links, trailing, stored: undefined, grew: false, others };
}
