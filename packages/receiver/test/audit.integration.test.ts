import { readFile, writeFile } from 'node:fs/promises';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { appendEvent } from '../src/audit/append-event.ts';
import { cutOffAppend, pinOf, trailSite, verdictOn } from './audit-trails.ts';

describe('appendEvent on Btrfs', () => {
  btrfsTest('survives a cut at every byte of the line that is being written', async ({ btrfs }) => {
    const site = trailSite(btrfs);
    const { before, whole, announced } = await cutOffAppend(site);
    for (let end = before.length; end <= whole.length; end += 1) {
      await writeFile(site.trail, whole.subarray(0, end));
      await writeFile(site.head, announced);
      expect(await verdictOn(site)).toMatchObject({ ok: true });
      // Each append waits for the disk several times: a third of them, and those where something begins or ends.
      if (end % 3 !== 0 && end > before.length + 2 && end < whole.length - 3) continue;
      await appendEvent(site, pinOf(7));
      const verdict = await verdictOn(site);
      // Nothing written, or all but the newline: there is nothing to seal.
      const sealed = end > before.length && end < whole.length - 1 ? 1 : 0;
      const kept = end >= whole.length - 1 ? 1 : 0;
      expect(verdict).toMatchObject({ ok: true, unfinished: false, entries: 3 + sealed + kept + 1 });
      expect((await readFile(site.trail)).subarray(0, end)).toEqual(whole.subarray(0, end));
    }
  });
});
