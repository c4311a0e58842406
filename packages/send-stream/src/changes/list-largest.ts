import type { FinalNames } from './final-names.ts';
import type { ObjectTracker } from './object-tracker.ts';
import { pathText } from './path-text.ts';

/** A file by what a stream brings of it. */
export interface LargePath {
  /** Its first name at the end of the stream, as `pathText` makes it. */
  readonly path: string;
  /** Bytes of its contents that travel in the stream, as they travel. */
  readonly carried: number;
  /** Bytes of its contents that are set anew, also by cloning; or announced, with `--no-data`. */
  readonly bytes: number;
}

/** The files of which the stream brings most, largest first. */
export function listLargest(tracker: ObjectTracker, { objects }: FinalNames, count: number): readonly LargePath[] {
  let found: LargePath[] = [];
  for (const { entry, names } of objects()) {
    const { contents } = tracker.factsOf(entry);
    if (contents === undefined || contents.bytes === 0) continue;
    found.push({ path: names[0].path, carried: contents.carried, bytes: contents.bytes });
    // Of a million files no more than a few are kept.
    if (found.length >= 50 * count) found = found.sort(byWeight).slice(0, count);
  }
  return found
    .sort(byWeight)
    .slice(0, count)
    .map(({ path, ...sizes }) => ({ path: pathText(path), ...sizes }));
}

function byWeight(a: LargePath, b: LargePath): number {
  return b.carried - a.carried || b.bytes - a.bytes || (a.path < b.path ? -1 : 1);
}
