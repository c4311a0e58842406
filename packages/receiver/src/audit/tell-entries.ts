import type { AuditEntry } from './entry.ts';
import { openTrail } from './open-trail.ts';
import { type Stray, scanTrail } from './scan-trail.ts';

/** Which entries are asked for. */
export interface EntriesWish {
  readonly since: Date | undefined;
  /** None: all. */
  readonly kinds: readonly string[];
  /** At most so many, the newest; undefined: all. */
  readonly newest: number | undefined;
}

/** The document of `audit show --json`. */
export interface ToldEntries {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** Lines between them that are neither entries nor sealed. */
  readonly unreadable: readonly Pick<Stray, 'firstLine' | 'lastLine' | 'because'>[];
}

/**
 * Reads the entries that are asked for, whether the trail is whole or not. What is no entry is named and not shown.
 * @throws ReceiverError `AUDIT_UNREADABLE`
 */
export async function tellEntries(trail: string, { since, kinds, newest }: EntriesWish): Promise<ToldEntries> {
  await using file = await openTrail(trail);
  let entries: AuditEntry[] = [];
  const unreadable: ToldEntries['unreadable'][number][] = [];
  if (file === undefined) return { entries, unreadable };
  for await (const { entry, before } of scanTrail(file.read())) {
    if (before !== undefined && entry.event !== 'torn') {
      const { firstLine, lastLine, because } = before;
      unreadable.push({ firstLine, lastLine, because });
    }
    if (since !== undefined && new Date(entry.time) < since) continue;
    if (kinds.length > 0 && !kinds.includes(entry.event)) continue;
    entries.push(entry);
    // Now and then, not each time: a trail may be long.
    if (newest !== undefined && entries.length > newest * 2) entries = entries.slice(-newest);
  }
  return { entries: newest === undefined ? entries : entries.slice(-newest), unreadable };
}
