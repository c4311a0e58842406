import { describe, expect, it } from 'vitest';
import { fakeContent } from '../../test/fake-contents.ts';
import { compareRanges } from './compare-ranges.ts';
import { BLOCK_BYTES, READ_BYTES } from './contents.ts';

const BLOCK = BLOCK_BYTES;

describe('comparing ranges of two files', () => {
  it('finds the one block that differs in a large file', async () => {
    const before = pattern(2 * READ_BYTES + 100);
    const now = Buffer.from(before);
    now[READ_BYTES + 5 * BLOCK + 7] = 1 + (now[READ_BYTES + 5 * BLOCK + 7] ?? 0);
    const at = READ_BYTES + 5 * BLOCK;
    expect(await compare(now, before)).toEqual({
      equal: now.length - BLOCK,
      different: [{ start: at, end: at + BLOCK }],
    });
  });

  it('looks at nothing outside the ranges', async () => {
    const [now, before] = [pattern(4 * BLOCK), pattern(4 * BLOCK).fill(0, 0, BLOCK)];
    expect(await compare(now, before, [{ start: BLOCK, end: 3 * BLOCK }])).toEqual({ equal: 2 * BLOCK, different: [] });
  });

  it('takes blocks by their place in the file, wherever a range begins', async () => {
    const before = pattern(3 * BLOCK);
    const now = Buffer.from(before).fill(0, BLOCK, BLOCK + 1);
    expect(await compare(now, before, [{ start: 100, end: 2 * BLOCK + 100 }])).toEqual({
      equal: BLOCK,
      different: [{ start: BLOCK, end: 2 * BLOCK }],
    });
  });

  it('has nothing to compare with where the parent has ended', async () => {
    const now = pattern(2 * BLOCK + 10);
    expect(await compare(now, now.subarray(0, BLOCK + 5))).toEqual({
      equal: BLOCK,
      different: [{ start: BLOCK, end: 2 * BLOCK + 10 }],
    });
  });

  it('takes the last block as equal when the parent goes on after it', async () => {
    const before = pattern(BLOCK);
    expect(await compare(before.subarray(0, 10), before)).toEqual({ equal: 10, different: [] });
  });
});

async function compare(
  now: Uint8Array,
  before: Uint8Array,
  ranges = [{ start: 0, end: now.length }],
): Promise<{ equal: number; different: readonly object[] }> {
  const { equal, different } = await compareRanges(fakeContent(now), fakeContent(before), ranges);
  return { equal, different: [...different] };
}

/** Bytes of which no two blocks are alike. */
function pattern(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (at * 31 + Math.floor(at / BLOCK) * 17) % 256));
}
