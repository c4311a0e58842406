import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendDifferences, BLOCK_SIZE, withTail } from './differing-blocks.ts';
import type { BlockRange } from './step.ts';

describe('appendDifferences', () => {
  it('names whole blocks, and neighbours as one range', () => {
    const a = Buffer.alloc(5 * BLOCK_SIZE);
    const b = Buffer.from(a);
    b[BLOCK_SIZE] = 1;
    b[3 * BLOCK_SIZE - 1] = 1;
    b[4 * BLOCK_SIZE + 7] = 1;
    const ranges: BlockRange[] = [];
    appendDifferences(ranges, 0, a, b);
    appendDifferences(ranges, a.length, a, b.subarray().fill(1, 0, 1));
    expect(ranges).toEqual([
      { offset: BLOCK_SIZE, length: 2 * BLOCK_SIZE },
      { offset: 4 * BLOCK_SIZE, length: 4 * BLOCK_SIZE },
      { offset: 9 * BLOCK_SIZE, length: BLOCK_SIZE },
    ]);
  });
});

describe('withTail', () => {
  it('makes any file another one when its ranges are written and it is cut to size', () => {
    const contents = fc.array(fc.constantFrom('x', 'y', 'xy', ''), { maxLength: 5 });
    const bytesOf = (blocks: readonly string[]) =>
      Buffer.concat(blocks.map((block) => Buffer.alloc(block.length > 1 ? 5000 : BLOCK_SIZE, block || '\0')));
    fc.assert(
      fc.property(contents, contents, (before, wanted) => {
        const [old, target] = [bytesOf(before), bytesOf(wanted)];
        const common = Math.min(old.length, target.length);
        const ranges: BlockRange[] = [];
        appendDifferences(ranges, 0, old.subarray(0, common), target.subarray(0, common));
        const result = Buffer.alloc(Math.max(old.length, target.length));
        old.copy(result);
        let end = 0;
        for (const { offset, length } of withTail(ranges, old.length, target.length)) {
          expect(offset % BLOCK_SIZE).toBe(0);
          expect(offset).toBeGreaterThanOrEqual(end);
          target.copy(result, offset, offset, offset + length);
          end = offset + length;
        }
        expect(end).toBeLessThanOrEqual(target.length);
        expect(result.subarray(0, target.length).equals(target)).toBe(true);
      }),
    );
  });
});
