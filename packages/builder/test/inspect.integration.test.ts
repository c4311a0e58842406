import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { makeRunningWorkshop } from './workshop.ts';

describe('goldstream-builder inspect', () => {
  btrfsTest('tells what a stream holds, from a file or from stdin, compressed or not', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.1.0\n');
    await shop.do('golden', 'update');
    await shop.do('snapshot', 'v1.1.0');
    await shop.do('send', 'v1.1.0', '--full', '--parent', 'v1.0.0');
    const assets = shop.layout.assets('v1.1.0');

    const full = join(assets, 'shop-v1.1.0.full.btrfs.zst');
    expect(await shop.do('inspect', full)).toMatch(/^full stream of v1\.1\.0, protocol 1, /);
    const piped = await shop.run(['inspect', '-', '--json'], { input: await readFile(full) });
    expect(JSON.parse(piped.stdout)).toMatchObject({
      head: { kind: 'full', name: 'v1.1.0', version: 1 },
      commands: { subvol: { count: 1 }, end: { count: 1, bytes: 10 } },
    });

    const incremental = await shop.do('inspect', join(assets, 'shop-v1.1.0.from-v1.0.0.btrfs.zst'));
    expect(incremental).toMatch(/^incremental stream of v1\.1\.0/);
    expect(incremental).toMatch(/ parent {3}[0-9a-f-]{36}\n/);
  });

  btrfsTest('refuses what is no whole stream', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await shop.do('send', 'v1.0.0');
    const compressed = await readFile(join(shop.layout.assets('v1.0.0'), 'shop-v1.0.0.full.btrfs.zst'));
    const file = join(btrfs, 'file');
    for (const [content, exitCode, code] of [
      ['', 4, 'SEND_STREAM_TRUNCATED'],
      ['hello, this is no stream', 4, 'SEND_STREAM_BAD_MAGIC'],
      [compressed.subarray(0, compressed.length - 20), 6, 'TOOL_FAILED: zstd'],
    ] as const) {
      await writeFile(file, content);
      expect(await shop.run(['inspect', file])).toMatchObject({ exitCode, stderr: expect.stringContaining(code) });
    }
    expect(await shop.run(['inspect', join(btrfs, 'absent')])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('BUILDER_UNREADABLE'),
    });
  });
});
