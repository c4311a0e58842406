import { type PathBytes, showPath } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import { type Drop, dropsFor } from './drop.ts';
import type { Cover, Hidden } from './hidden-by-upper.ts';

/** What happens to edits that hide what a new version brings. */
export const EDITS_POLICIES = [
  /** They stay, and are named. */
  'keep',
  /** The vendor's takes their place; they stay in the deployment that is left. */
  'vendor',
  /** Nothing is deployed before somebody decided. */
  'stop',
] as const;

/** One of {@link EDITS_POLICIES}. */
export type EditsPolicy = (typeof EDITS_POLICIES)[number];

/** What becomes of the edits of the active deployment in the one that follows it. */
export interface EditsPlan {
  readonly drops: readonly Drop[];
  readonly notes: readonly string[];
}

/** Of more than so many a plan only tells the number. */
const MOST_NOTES = 20;

/**
 * Decides by policy about everything that a version brings and the writable layer hides.
 * @param version how it is called in notes
 * @throws ReceiverError `OVERLAY_HIDES` when there is anything and the policy is `stop`
 */
export function planEdits(hidden: readonly Hidden[], policy: EditsPolicy, version: string): EditsPlan {
  if (hidden.length === 0) return { drops: [], notes: [] };
  if (policy === 'stop') throw stopped(hidden, version);
  const notes = hidden.slice(0, MOST_NOTES).map((one) => noteOf(one, policy, version));
  const more = hidden.length - notes.length;
  const verb = policy === 'keep' ? 'are hidden' : 'show again';
  return {
    drops: policy === 'vendor' ? dropsFor(hidden) : [],
    notes: more === 0 ? notes : [...notes, `${more} more files of ${version} ${verb}`],
  };
}

function noteOf({ path, vendor, cover }: Hidden, policy: 'keep' | 'vendor', version: string): string {
  const change = vendor.kind === 'added' ? 'adds it' : `changes ${vendor.aspects.join(', ')}`;
  const what = `${showPath(path)}: ${version} ${change}`;
  const here = causeOf(cover, path);
  return policy === 'keep'
    ? `${what}, and nobody sees that: ${here}`
    : `${what}, and that shows: ${here}, which is not taken over`;
}

function causeOf(cover: Cover, path: PathBytes): string {
  const where = cover.path === path ? 'it' : showPath(cover.path);
  switch (cover.kind) {
    case 'whiteout':
      return `${where} was deleted here`;
    case 'opaque':
      return `${where} was replaced here`;
    case 'attributes':
      return `${where} has its own mode and owner here`;
    default:
      return `${where} was edited here`;
  }
}

function stopped(hidden: readonly Hidden[], version: string): ReceiverError {
  const names = hidden.slice(0, MOST_NOTES).map(({ path }) => showPath(path));
  const more = hidden.length > names.length ? ` and ${hidden.length - names.length} more` : '';
  return new ReceiverError(
    'OVERLAY_HIDES',
    `edits of this host hide what ${version} brings: ${names.join(', ')}${more}`,
    {
      hint: 'Look at `goldstream-receiver overlay diff`, then say --edits keep or --edits vendor.',
    },
  );
}
