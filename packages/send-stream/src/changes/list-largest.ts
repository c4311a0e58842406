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
  const found: { readonly path: string; readonly carried: number; readonly bytes: number }[] = [];
  for (const [entry, [name]] of objects) {
    const { contents } = tracker.factsOf(entry);
    if (contents === undefined || contents.bytes === 0 || name === undefined) continue;
    found.push({ path: name.path, carried: contents.carried, bytes: contents.bytes });
  }
  found.sort((a, b) => b.carried - a.carried || b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return found.slice(0, count).map(({ path, ...sizes }) => ({ path: pathText(path), ...sizes }));
}
