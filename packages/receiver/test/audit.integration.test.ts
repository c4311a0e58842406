import { readFile, writeFile } from 'node:fs/promises';
import { btrfsTest, crashPoints, FOR_LOGGED_DISK, requireOrSkip, withLoggedDisk } from '@goldstream/testing';
import { describe, expect, test } from 'vitest';
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

  test.for(['prefix', 'drop'] as const)(
    'keeps what it told through a power cut at any moment (%s)',
    async (mode, { skip }) => {
      await requireOrSkip(skip, FOR_LOGGED_DISK);
      await withLoggedDisk(
        {},
        async ({ mountPoint, position, sync }) => {
          const from = await sync();
          const told: { readonly number: number; readonly at: number }[] = [];
          for (let patch = 0; patch < 12; patch += 1) {
            const { number } = await appendEvent(trailSite(mountPoint), pinOf(patch));
            told.push({ number, at: await position() });
          }
          return { from, told };
        },
        async (recording, { from, told }) => {
          const site = trailSite(recording.mountPoint);
          for await (const { name, position } of crashPoints(recording, { mode, count: 24, from, seed: 7 })) {
            const { ok, findings, head } = await verdictOn(site);
            expect({ name, ok, findings }).toEqual({ name, ok: true, findings: [] });
            const durable = told.findLast(({ at }) => at <= position)?.number ?? 0;
            expect({ name, isThere: head.number >= durable }).toEqual({ name, isThere: true });
            await appendEvent(site, pinOf(99));
            expect({ name, ...(await verdictOn(site)) }).toMatchObject({ name, ok: true, unfinished: false });
          }
        },
      );
    },
  );
});
