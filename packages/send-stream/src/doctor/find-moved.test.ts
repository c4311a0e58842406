import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fakeContent } from '../../test/fake-contents.ts';
import { BlockIndex } from './block-index.ts';
import { BLOCK_BYTES, READ_BYTES } from './contents.ts';
import { findMoved, indexBlocks } from './find-moved.ts';

const BLOCK = BLOCK_BYTES;

describe('finding blocks that the parent holds elsewhere', () => {
  it('finds what an insertion of whole blocks moved', async () => {
    const before = randomBytes(READ_BYTES + BLOCK + 10);
    const now = Buffer.concat([randomBytes(3 * BLOCK), before]);
    expect(await moved(now, [before])).toEqual(new Map([[0, before.length]]));
  });

  it('finds nothing of what was moved by less than a block', async () => {
    const before = randomBytes(8 * BLOCK);
    expect(await moved(Buffer.concat([Buffer.of(1), before]), [before])).toEqual(new Map());
  });

  it('tells which file holds what', async () => {
    const [one, two] = [randomBytes(2 * BLOCK), randomBytes(3 * BLOCK)];
    expect(await moved(Buffer.concat([two, one]), [one, two])).toEqual(
      new Map([
        [1, 3 * BLOCK],
        [0, 2 * BLOCK],
      ]),
    );
  });

  it('does not count blocks of zeros', async () => {
    const zeros = Buffer.alloc(4 * BLOCK + 1);
    expect(await moved(zeros, [zeros])).toEqual(new Map());
  });
});

async function moved(now: Uint8Array, before: readonly Uint8Array[]): Promise<ReadonlyMap<number, number>> {
  const index = new BlockIndex();
  for (const [number, bytes] of before.entries()) await indexBlocks(index, fakeContent(bytes), number);
  return findMoved(index, fakeContent(now), [{ start: 0, end: now.length }]);
}
