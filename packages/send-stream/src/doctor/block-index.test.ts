import { describe, expect, it } from 'vitest';
import { BlockIndex } from './block-index.ts';

const block = (content: number) => Buffer.from(`block ${content}`);

describe('the index of blocks', () => {
  it('finds every block again while it grows, and nothing else', () => {
    const index = new BlockIndex();
    for (let content = 0; content < 10_000; content += 1) index.add(block(content), content % 7);
    for (let content = 0; content < 10_000; content += 1) expect(index.find(block(content))).toBe(content % 7);
    expect(index.find(block(10_000))).toBeUndefined();
  });

  it('keeps to the first file that holds a block', () => {
    const index = new BlockIndex();
    index.add(block(1), 3);
    index.add(block(1), 4);
    expect(index.find(block(1))).toBe(3);
  });

  it('takes no more blocks than it may, and says that it is full', () => {
    const index = new BlockIndex(2);
    for (const content of [1, 1, 2]) index.add(block(content), 0);
    expect(index.isFull).toBe(true);
    index.add(block(3), 0);
    expect(index.find(block(3))).toBeUndefined();
    expect(index.find(block(2))).toBe(0);
  });
});
