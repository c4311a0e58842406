import { readFile } from 'node:fs/promises';
import type { StoredFile, Tree } from '@goldstream/tree';
import { BuilderError } from '../error.ts';
import { differingPaths, renderListing } from '../golden/render-listing.ts';
import type { Layout } from '../layout.ts';

/** Paths that are named; the rest is counted. */
const MOST_NAMED = 10;

/** The error for a golden that somebody changed after its last update, with what was changed. */
export async function goldenChanged(layout: Layout, now: Tree<StoredFile>): Promise<BuilderError> {
  const paths = differingPaths(await readFile(layout.goldenListing, 'utf8'), renderListing(now));
  const named = paths.slice(0, MOST_NAMED).join(', ');
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  const what = paths.length === 0 ? 'in place, its times were set back' : `at ${named}${more}`;
  return new BuilderError('BUILDER_GOLDEN_CHANGED', `${layout.golden} was changed since its last update: ${what}`, {
    hint: 'Put the change into the recipe, run goldstream-builder golden update, and make the snapshot again.',
  });
}
