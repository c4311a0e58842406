import type { BlockRange } from './step.ts';

/** The unit in which Btrfs shares data (its sector size on every common machine). Bytes. */
export const BLOCK_SIZE = 4096;

/**
 * Adds the blocks in which `a` and `b` differ; neighbours become one range.
 * @param position of both in their files, a multiple of {@link BLOCK_SIZE}
 * @param a as long as `b`
 */
export function appendDifferences(ranges: BlockRange[], position: number, a: Buffer, b: Buffer): void {
  if (a.equals(b)) return;
  for (let start = 0; start < a.length; start += BLOCK_SIZE) {
    const end = Math.min(start + BLOCK_SIZE, a.length);
    if (a.compare(b, start, end, start, end) !== 0) appendRange(ranges, position + start, end - start);
  }
}

/** What has to be written beside the common part when the file grows: all from its last whole block on. */
export function withTail(ranges: readonly BlockRange[], was: number, size: number): readonly BlockRange[] {
  if (size <= was) return ranges;
  const start = was - (was % BLOCK_SIZE);
  const before = ranges
    .filter(({ offset }) => offset < start)
    .map(({ offset, length }) => ({ offset, length: Math.min(length, start - offset) }));
  appendRange(before, start, size - start);
  return before;
}

function appendRange(ranges: BlockRange[], offset: number, length: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.offset + last.length === offset) {
    ranges[ranges.length - 1] = { offset: last.offset, length: last.length + length };
  } else {
    ranges.push({ offset, length });
  }
}
