import type { Handlers } from '@goldstream/plan';
import { syncFilesystem, writeDurably } from '@goldstream/system';
import { contentDigest, gatherTree, treeHandlers } from '@goldstream/tree';
import { writeRecord } from '../state/record.ts';
import type { GoldenRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { treeProgress } from '../tree-progress.ts';
import type { GoldenStep } from './plan-golden-update.ts';
import { renderListing } from './render-listing.ts';

/** How each step of `golden update` is done. */
export function goldenHandlers({ runner, layout, io, recipe }: Tools): Handlers<GoldenStep> {
  return {
    ...treeHandlers({ root: layout.golden, runner }),
    'record-golden': async ({ golden }) => {
      await syncFilesystem(runner, golden);
      const onProgress = treeProgress(io, 'content digest of golden');
      const { digest, bytes, files } = await contentDigest(golden, {
        runner,
        onProgress,
        extraXattrs: recipe.golden.policy.xattrs,
      });
      const { entries } = await gatherTree(golden, runner);
      await writeDurably(layout.goldenListing, renderListing(entries), 0o600);
      const updated = new Date().toISOString();
      await writeRecord(layout.goldenRecord, { contentDigest: digest, bytes, files, updated } satisfies GoldenRecord);
    },
  };
}
