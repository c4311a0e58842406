import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSubvolume,
  type Runner,
  showSubvolume,
  snapshotSubvolume,
  syncFilesystem,
  systemRunner,
} from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { sendStream } from '../src/index.ts';

const runner = systemRunner;
const MIB = 1024 * 1024;

async function makeSnapshot(btrfs: string, bytes: number) {
  const [golden, snapshot, into] = [join(btrfs, 'golden'), join(btrfs, 'v1'), join(btrfs, 'streams')] as const;
  await createSubvolume(runner, golden);
  await writeFile(join(golden, 'data'), randomBytes(bytes));
  await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
  await syncFilesystem(runner, btrfs);
  await mkdir(into);
  return { snapshot, into };
}

const nameParts = (parts: number) => (parts === 1 ? ['s.zst'] : Array.from({ length: parts }, (_, n) => `s.zst.${n}`));

describe('sendStream', () => {
  btrfsTest('writes what btrfs send writes, and says so itself', async ({ btrfs }) => {
    const { snapshot, into } = await makeSnapshot(btrfs, 20 * MIB);
    let told = 0;
    const onBytes = (bytes: number) => {
      told += bytes;
    };
    const sent = await sendStream(runner, { snapshot, level: 3, partSize: 8 * MIB, into, nameParts, onBytes });

    const raw = join(btrfs, 'raw');
    await runner.run(['btrfs', 'send', '--quiet', '-f', raw, snapshot]);
    const expected = await readFile(raw);
    expect(sent).toMatchObject({
      rawBytes: expected.length,
      rawSha256: createHash('sha256').update(expected).digest('hex'),
      head: { kind: 'full', version: 1, name: 'v1', uuid: (await showSubvolume(runner, snapshot)).uuid },
    });
    expect(told).toBe(expected.length);
    expect(await readdir(into)).toEqual(['s.zst.0', 's.zst.1', 's.zst.2']);
    for (const { name, sha256, bytes, chunks } of sent.assets) {
      const asset = await readFile(join(into, name));
      expect({ sha256: createHash('sha256').update(asset).digest('hex'), bytes: asset.length }).toEqual({
        sha256,
        bytes,
      });
      const chunk = asset.subarray(0, 4 * MIB);
      expect(chunks[0]).toBe(createHash('sha256').update(chunk).digest('hex'));
    }
  });

  btrfsTest('leaves nothing behind when it is asked to stop', async ({ btrfs }) => {
    const { snapshot, into } = await makeSnapshot(btrfs, 40 * MIB);
    const stop = new AbortController();
    const sending = sendStream(runner, {
      snapshot,
      level: 3,
      partSize: 8 * MIB,
      into,
      nameParts,
      signal: stop.signal,
      onBytes: () => stop.abort(),
    });
    await expect(sending).rejects.toThrow();
    expect(await readdir(into)).toEqual([]);
  });

  btrfsTest('says what btrfs send said, and leaves nothing behind', async ({ btrfs }) => {
    const { into } = await makeSnapshot(btrfs, MIB);
    const sending = sendStream(runner, { snapshot: join(btrfs, 'golden'), level: 3, partSize: MIB, into, nameParts });
    await expect(sending).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/^btrfs send .* is not read-only/),
    });
    expect(await readdir(into)).toEqual([]);
  });

  btrfsTest('names zstd as the cause when it dies, not what that does to btrfs send', async ({ btrfs }) => {
    const { snapshot, into } = await makeSnapshot(btrfs, 20 * MIB);
    const dying: Runner = {
      ...runner,
      spawn: (command, options) => {
        const child = runner.spawn(command, options);
        if (command[0] === 'zstd') child.kill('SIGKILL');
        return child;
      },
    };
    const sending = sendStream(dying, { snapshot, level: 3, partSize: MIB, into, nameParts });
    await expect(sending).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(/^zstd /) });
    expect(await readdir(into)).toEqual([]);
  });
});
