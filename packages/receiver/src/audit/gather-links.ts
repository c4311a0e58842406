import type { Link } from './judge-trail.ts';
import type { TrailEnd, TrailEntry } from './scan-trail.ts';

/** Reads a whole trail, keeping of each entry what the judgement needs. */
export async function gatherLinks(
  entries: AsyncGenerator<TrailEntry, TrailEnd>,
): Promise<{ readonly links: readonly Link[] } & TrailEnd> {
  const links: Link[] = [];
  for (;;) {
    const { value, done } = await entries.next();
    if (done) return { links, ...value };
    links.push(linkOf(value));
  }
}

function linkOf({ entry, line, sha256, before }: TrailEntry): Link {
  const { number, previous, event, subject } = entry;
  const { bytes, sha256: sealed, found } = subject;
  const seals = typeof bytes === 'number' && typeof sealed === 'string' ? { bytes, sha256: sealed } : undefined;
  return { line, number, previous, sha256, event, seals, found: typeof found === 'string' ? found : undefined, before };
}
