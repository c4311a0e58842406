import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { appendPins, cutOffAppend, linesOf, pinOf, trailSite, verdictOn } from '../../test/audit-trails.ts';
import { appendEvent } from './append-event.ts';
import { digestOf } from './digest-of.ts';
import { LINE_BYTES_LIMIT } from './render-entry.ts';

describe('appendEvent', () => {
  directoryTest('begins a trail with a line about the host, and chains every line', async ({ temporaryDirectory }) => {
    const site = { ...trailSite(temporaryDirectory), host: async () => 'f'.repeat(32) };
    const head = await appendEvent(site, pinOf(1));
    const lines = await linesOf(site);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        number: 1,
        previous: '0'.repeat(64),
        time: '2026-11-22T07:00:00.000Z',
        event: 'genesis',
        subject: { trail: expect.stringMatching(/^[0-9a-f]{32}$/), application: 'app', host: 'f'.repeat(32) },
        outcome: { kind: 'done' },
        by: expect.objectContaining({ uid: process.geteuid?.() }),
        program: expect.any(String),
        boot: expect.any(String),
      },
      expect.objectContaining({ number: 2, previous: digestOf(lines[0] ?? ''), event: 'pin' }),
    ]);
    expect(head).toEqual({ number: 2, sha256: digestOf(lines[1] ?? '') });
    expect(JSON.parse(await readFile(site.head, 'utf8'))).toEqual(head);
    expect((await stat(site.trail)).mode & 0o777).toBe(0o600);
    expect(await verdictOn(site)).toEqual({ ok: true, entries: 2, head, unfinished: false, findings: [] });
  });

  directoryTest('cuts details that are too long for a line, and says so', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    const details = { reason: 'é\u0000'.repeat(4000), units: Array.from({ length: 900 }, (_, i) => `u${i}.service`) };
    await appendEvent(site, { event: 'repair', subject: {}, outcome: { kind: 'done' }, details });
    const many = Object.fromEntries(Array.from({ length: 999 }, (_, i) => [`d${i}`, i]));
    await appendEvent(site, { event: 'repair', subject: {}, outcome: { kind: 'done' }, details: many });
    for (const line of (await linesOf(site)).slice(1)) {
      expect(Buffer.byteLength(line, 'latin1')).toBeLessThanOrEqual(LINE_BYTES_LIMIT);
      expect(JSON.parse(line)).toMatchObject({ event: 'repair', cut: true });
    }
    expect(await verdictOn(site)).toMatchObject({ ok: true, entries: 3 });
  });

  directoryTest('seals zeros that a power cut left, and what a cut-off seal left', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    const { before, announced } = await cutOffAppend(site);
    await writeFile(site.trail, Buffer.concat([before, Buffer.alloc(300), Buffer.from('\n{"number":4,"prev')]));
    await writeFile(site.head, announced);
    expect(await verdictOn(site)).toMatchObject({ ok: true, unfinished: true });
    await appendEvent(site, pinOf(7));
    expect(await verdictOn(site)).toMatchObject({ ok: true, unfinished: false, entries: 5 });
    expect(JSON.parse((await linesOf(site)).at(-2) ?? '')).toMatchObject({
      event: 'torn',
      subject: { bytes: 300 + '\n{"number":4,"prev\n'.length },
    });
  });

  directoryTest(
    'calls it damage when a line is unfinished and none was being written',
    async ({ temporaryDirectory }) => {
      const site = trailSite(temporaryDirectory);
      await appendPins(site, 3);
      await truncate(site.trail, (await stat(site.trail)).size - 5);
      await appendEvent(site, pinOf(7));
      const { ok, findings } = await verdictOn(site);
      expect(ok).toBe(false);
      expect(findings.map(({ line, kind }) => [line, kind])).toContainEqual([4, 'unreadable']);
      expect(JSON.parse((await linesOf(site)).at(-2) ?? '')).toMatchObject({ event: 'damage', number: 5 });
    },
  );

  directoryTest.for([
    ['its last lines are gone', async (site) => writeFile(site.trail, (await linesOf(site)).slice(0, 2).join(''))],
    ['it is gone', async (site) => rm(site.trail)],
    ['it is empty', async (site) => truncate(site.trail)],
    ['its head is gone', async (site) => rm(site.head)],
    ['its head is nonsense', async (site) => writeFile(site.head, '{"number":1')],
    ['its head is a later one', async (site) => writeFile(site.head, `{"number":9,"sha256":"${'a'.repeat(64)}"}`)],
  ] as [string, (site: ReturnType<typeof trailSite>) => Promise<void>][])(
    'goes on when %s, and the damage stays visible',
    async ([, spoil], { temporaryDirectory }) => {
      const site = trailSite(temporaryDirectory);
      await appendPins(site, 4);
      await spoil(site);
      expect(await verdictOn(site)).toMatchObject({ ok: false });
      await appendEvent(site, pinOf(7));
      await appendEvent(site, pinOf(8));
      const { ok, findings } = await verdictOn(site);
      expect(ok).toBe(false);
      expect(findings.filter(({ kind }) => kind === 'damage')).toHaveLength(1);
      const events = (await linesOf(site)).map((line) => JSON.parse(line).event);
      expect(events.slice(-3)).toEqual(['damage', 'pin', 'pin']);
    },
  );

  directoryTest('does not forget damage when recording it was cut off', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    await appendPins(site, 4);
    const lines = await linesOf(site);
    const short = lines.slice(0, 3).join('');
    await writeFile(site.trail, short);
    const head = JSON.parse(await readFile(site.head, 'utf8'));
    for (const written of ['', '{"num']) {
      await writeFile(site.trail, short + written);
      await writeFile(site.head, JSON.stringify({ ...head, next: 'b'.repeat(64) }));
      await appendEvent(site, pinOf(7));
      const { findings } = await verdictOn(site);
      expect(findings.some(({ kind }) => kind === 'damage')).toBe(true);
    }
  });

  directoryTest('says when it cannot write', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    await mkdir(site.trail);
    await expect(appendEvent(site, pinOf(1))).rejects.toMatchObject({ code: 'AUDIT_UNREADABLE' });
    const nowhere = trailSite(`${temporaryDirectory}/nowhere`);
    await expect(appendEvent(nowhere, pinOf(1))).rejects.toMatchObject({ code: 'AUDIT_NOT_WRITTEN' });
  });
});
