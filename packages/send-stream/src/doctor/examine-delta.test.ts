import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeContents } from '../../test/fake-contents.ts';
import { adviseOn } from './advice.ts';
import { ByteRanges } from './byte-ranges.ts';
import { BLOCK_BYTES } from './contents.ts';
import type { FileOrigin } from './delta.ts';
import { examineDelta } from './examine-delta.ts';

const BLOCK = BLOCK_BYTES;
const kept = (path: string): FileOrigin => ({ kind: 'kept', path });
const created = (...places: readonly string[]): FileOrigin => ({ kind: 'created', places });

describe('the examination of an incremental', () => {
  it('finds a file that was rewritten with what it held', async () => {
    const f = randomBytes(3 * BLOCK + 7);
    const { files, ...totals } = await examine({ f }, { f }, [sent('f', kept('f'), 0, f.length)]);
    expect(totals).toEqual({ sentBytes: f.length, wastedBytes: f.length, isPartial: false });
    expect(files).toMatchObject([{ manner: 'rewritten', equalBytes: f.length, movedBytes: 0, isUnchanged: true }]);
    expect(causesIn({ files, ...totals })).toEqual(['rewritten']);
  });

  it('counts exactly the blocks of a replaced file that did not change', async () => {
    const before = randomBytes(8 * BLOCK);
    const now = Buffer.from(before);
    now.write('changed', 5 * BLOCK);
    const examination = await examine({ f: before }, { f: now }, [sent('f', created('f'), 0, now.length)], ['f']);
    expect(examination).toMatchObject({ wastedBytes: 7 * BLOCK });
    expect(examination.files).toMatchObject([{ manner: 'replaced', before: 'f', isUnchanged: false }]);
    expect(causesIn(examination)).toEqual(['replaced']);
  });

  it('finds blocks that an insertion shifted', async () => {
    const before = randomBytes(8 * BLOCK);
    const now = Buffer.concat([randomBytes(BLOCK), before]);
    const examination = await examine({ f: before }, { f: now }, [sent('f', kept('f'), 0, now.length)]);
    expect(examination.files).toMatchObject([{ equalBytes: 0, movedBytes: 8 * BLOCK, heldBy: 'f' }]);
    expect(causesIn(examination)).toEqual(['shifted']);
  });

  it('finds a removed file of the same name and size in another directory', async () => {
    const f = randomBytes(2 * BLOCK);
    const parent = { 'lib-1/f': f, 'lib-0/f': f.subarray(1) };
    const delta = [sent('lib-2/f', created(), 0, f.length)];
    const examination = await examine(parent, { 'lib-2/f': f }, delta, ['lib-0/f', 'lib-1/f']);
    expect(examination.files).toMatchObject([{ manner: 'recreated', before: 'lib-1/f', isUnchanged: true }]);
    expect(causesIn(examination)).toEqual(['relocated']);
  });

  it('finds the contents of a removed file under any other name', async () => {
    const f = randomBytes(2 * BLOCK + 9);
    const examination = await examine({ 'a-1': f }, { 'a-2': f }, [sent('a-2', created('a-2'), 0, f.length)], ['a-1']);
    expect(examination.files).toMatchObject([{ manner: 'created', movedBytes: f.length, heldBy: 'a-1' }]);
    expect(causesIn(examination)).toEqual(['relocated']);
  });

  it('does not take a file for unchanged when a hole or a clone in it differs', async () => {
    const before = randomBytes(2 * BLOCK);
    const now = Buffer.concat([before.subarray(0, BLOCK), Buffer.alloc(BLOCK)]);
    const half = { ...sent('f', created('f'), 0, BLOCK) };
    expect((await examine({ f: before }, { f: now }, [half])).files).toMatchObject([
      { equalBytes: BLOCK, isUnchanged: false },
    ]);
    const cloned = new ByteRanges();
    cloned.add(BLOCK, 2 * BLOCK);
    expect((await examine({ f: before }, { f: now }, [{ ...half, origin: kept('f'), cloned }])).files).toMatchObject([
      { isUnchanged: false },
    ]);
  });

  it('counts what a naive look at every block counts', async () => {
    // Contents are few kinds of blocks, 0 being zeros; sent are those that are marked.
    const blocks = fc.array(fc.nat(5), { maxLength: 12 });
    const marked = fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(blocks, marked, async (before, now) => {
        const ranges = new ByteRanges();
        for (const [at, [, isSent]] of now.entries()) if (isSent) ranges.add(at * BLOCK, (at + 1) * BLOCK);
        const delta = [{ ...sent('f', kept('f'), 0, 0), sent: ranges }];
        const { files } = await examine({ f: ofBlocks(before) }, { f: ofBlocks(now.map(([kind]) => kind)) }, delta);
        const isEqual = (at: number) => before[at] === now[at]?.[0];
        const sentAt = [...now.keys()].filter((at) => now[at]?.[1]);
        const isHeld = (at: number) => !isEqual(at) && now[at]?.[0] !== 0 && before.includes(now[at]?.[0] ?? -1);
        expect(files).toMatchObject([
          {
            sentBytes: sentAt.length * BLOCK,
            equalBytes: sentAt.filter(isEqual).length * BLOCK,
            movedBytes: sentAt.filter(isHeld).length * BLOCK,
          },
        ]);
      }),
    );
  });

  it('finds no waste in what is new', async () => {
    const delta = [sent('f', created('f'), 0, BLOCK)];
    const examination = await examine({ g: randomBytes(BLOCK) }, { f: randomBytes(BLOCK) }, delta);
    expect(examination).toMatchObject({ sentBytes: BLOCK, wastedBytes: 0 });
    expect(adviseOn(examination)).toEqual([]);
  });

  it('reads of the parent only what it has to', async () => {
    const f = randomBytes(64 * BLOCK);
    const parent = fakeContents({ f });
    const delta = { files: [sent('f', kept('f'), 8 * BLOCK, 2 * BLOCK)], gone: [] };
    await examineDelta(delta, { parent, snapshot: fakeContents({ f }) });
    expect(parent.reads.bytes).toBe(2 * BLOCK);
  });

  it('says so when the parent holds more than is remembered', async () => {
    const [before, now] = [randomBytes(8 * BLOCK), randomBytes(8 * BLOCK)];
    const files = [sent('f', kept('f'), 0, now.length)];
    const sides = { parent: fakeContents({ f: before }), snapshot: fakeContents({ f: now }) };
    expect(await examineDelta({ files, gone: [] }, sides, { mostBlocks: 4 })).toMatchObject({ isPartial: true });
    expect(await examineDelta({ files, gone: [] }, sides)).toMatchObject({ isPartial: false });
  });

  it('ends when its listener throws', async () => {
    const f = randomBytes(BLOCK);
    const sides = { parent: fakeContents({ f }), snapshot: fakeContents({ f }) };
    const onBytes = () => {
      throw new Error('enough');
    };
    const delta = { files: [sent('f', kept('f'), 0, BLOCK)], gone: [] };
    await expect(examineDelta(delta, sides, { onBytes })).rejects.toThrow('enough');
  });
});

/** Blocks of a kind are filled with its number. */
function ofBlocks(kinds: readonly number[]): Buffer {
  return Buffer.concat(kinds.map((kind) => Buffer.alloc(BLOCK, kind)));
}

function examine(
  parent: Readonly<Record<string, Uint8Array>>,
  snapshot: Readonly<Record<string, Uint8Array>>,
  files: readonly ReturnType<typeof sent>[],
  gone: readonly string[] = [],
) {
  return examineDelta({ files, gone }, { parent: fakeContents(parent), snapshot: fakeContents(snapshot) });
}

function sent(path: string, origin: FileOrigin, start: number, length: number) {
  const ranges = new ByteRanges();
  ranges.add(start, start + length);
  return { path, origin, sent: ranges, cloned: new ByteRanges() };
}

function causesIn(examination: Parameters<typeof adviseOn>[0]): readonly string[] {
  return adviseOn(examination).map(({ cause }) => cause);
}
