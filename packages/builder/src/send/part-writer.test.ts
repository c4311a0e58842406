import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { PartWriter } from './part-writer.ts';

const nameParts = (parts: number) => (parts === 1 ? ['all'] : Array.from({ length: parts }, (_, n) => `part${n}`));

describe('PartWriter', () => {
  directoryTest('cuts at exactly the part size, wherever the views end', async ({ temporaryDirectory }) => {
    const bytes = Buffer.from(Array.from({ length: 2500 }, (_, index) => index % 251));
    const writer = new PartWriter(temporaryDirectory, 'all', 1000);
    for (const [start, end] of [
      [0, 1],
      [1, 1000],
      [1000, 2100],
      [2100, 2500],
    ]) {
      await writer.write(bytes.subarray(start, end));
    }
    const assets = await writer.finish(nameParts);
    expect(assets.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['part0', 1000],
      ['part1', 1000],
      ['part2', 500],
    ]);
    expect((await readdir(temporaryDirectory)).sort()).toEqual(['part0', 'part1', 'part2']);
    const contents = await Promise.all(assets.map(({ name }) => readFile(join(temporaryDirectory, name))));
    expect(Buffer.concat(contents).equals(bytes)).toBe(true);
    expect(assets.map(({ sha256 }) => sha256)).toEqual(contents.map(sha256Of));
  });

  directoryTest('gives a single part the plain name, also when it is exactly full', async ({ temporaryDirectory }) => {
    const writer = new PartWriter(temporaryDirectory, 'all', 1000);
    await writer.write(Buffer.alloc(1000));
    expect(await writer.finish(nameParts)).toMatchObject([{ name: 'all', bytes: 1000 }]);
  });

  directoryTest('leaves nothing behind when it is given up', async ({ temporaryDirectory }) => {
    const writer = new PartWriter(temporaryDirectory, 'all', 1000);
    await writer.write(Buffer.alloc(1500));
    expect(await readdir(temporaryDirectory)).toEqual(['all.0.partial', 'all.1.partial']);
    await writer.discard();
    expect(await readdir(temporaryDirectory)).toEqual([]);
  });
});

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
