import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseManifest } from '@goldstream/release';
import {
  createSubvolume,
  systemRunner as runner,
  showSubvolume,
  snapshotSubvolume,
  syncFilesystem,
} from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { lookAtReceived, readHostCtransid, receiveRelease } from '../src/index.ts';
import { workshopIn } from './released.ts';

describe('lookAtReceived', () => {
  btrfsTest('tells the subvolume and its host ctransid', async ({ btrfs }) => {
    const { into, manifest } = await received(btrfs);
    const { subvolume, hostCtransid } = await lookAtReceived(runner, join(into, 'v1.0.0'), manifest);
    expect(subvolume).toMatchObject({
      path: join(into, 'v1.0.0'),
      receivedUuid: manifest.snapshot.uuid,
      sendTransid: manifest.snapshot.transid,
    });
    expect(hostCtransid).toBe(await readHostCtransid(runner, subvolume.path));
  });

  btrfsTest('refuses a subvolume that is not finished', async ({ btrfs }) => {
    const { manifest } = await received(btrfs);
    await createSubvolume(runner, join(btrfs, 'v1.0.0'));
    await expect(lookAtReceived(runner, join(btrfs, 'v1.0.0'), manifest)).rejects.toMatchObject({
      code: 'TRANSFER_INCOMPLETE',
      message: expect.stringContaining('is writable'),
    });
  });

  btrfsTest('refuses a read-only subvolume that was not received', async ({ btrfs }) => {
    const { manifest, golden } = await received(btrfs);
    await snapshotSubvolume(runner, golden, join(btrfs, 'v1.0.0'), { readonly: true });
    await expect(lookAtReceived(runner, join(btrfs, 'v1.0.0'), manifest)).rejects.toMatchObject({
      code: 'TRANSFER_INCOMPLETE',
      message: expect.stringContaining('an unfinished stream'),
    });
  });

  btrfsTest.for([
    ['UUID', { uuid: '11111111-2222-3333-4444-555555555555' }, 'came from'],
    ['transid', { transid: 99_999 }, 'was sent at transid'],
  ] as const)('refuses a subvolume of another %s', async ([, differing, message], { btrfs }) => {
    const { into, manifest } = await received(btrfs);
    const other = { snapshot: { ...manifest.snapshot, ...differing } };
    await expect(lookAtReceived(runner, join(into, 'v1.0.0'), other)).rejects.toMatchObject({
      code: 'TRANSFER_INCOMPLETE',
      message: expect.stringContaining(message),
    });
  });

  btrfsTest('refuses a name under which there is nothing', async ({ btrfs }) => {
    const { manifest } = await received(btrfs);
    await expect(lookAtReceived(runner, join(btrfs, 'v1.0.0'), manifest)).rejects.toMatchObject({
      code: 'BTRFS_NO_SUCH_SUBVOLUME',
    });
  });
});

describe('readHostCtransid', () => {
  btrfsTest('stays what it is through snapshot, rename, remount and life around it', async ({ btrfs }) => {
    const { into, golden } = await received(btrfs);
    const [path, renamed] = [join(into, 'v1.0.0'), join(into, 'renamed')];
    await syncFilesystem(runner, into);
    const before = await readHostCtransid(runner, path);

    await snapshotSubvolume(runner, path, join(into, 'snapshot'));
    await snapshotSubvolume(runner, path, join(into, 'read-only'), { readonly: true });
    await writeFile(join(golden, 'life'), 'goes on');
    await syncFilesystem(runner, into);
    await rename(path, renamed);
    await runner.run(['mount', '-o', 'remount,ro', btrfs]);
    await runner.run(['mount', '-o', 'remount,rw', btrfs]);
    expect(await readHostCtransid(runner, renamed)).toBe(before);
  });

  btrfsTest('jumps when somebody edits the subvolume and hides it', async ({ btrfs }) => {
    const { into } = await received(btrfs);
    const path = join(into, 'v1.0.0');
    await syncFilesystem(runner, into);
    const before = await readHostCtransid(runner, path);
    await runner.run(['btrfs', 'property', 'set', '-f', path, 'ro', 'false']);
    await writeFile(join(path, 'file'), 'edited');
    await runner.run(['btrfs', 'property', 'set', path, 'ro', 'true']);
    await syncFilesystem(runner, into);
    expect((await showSubvolume(runner, path)).readonly).toBe(true);
    expect(await readHostCtransid(runner, path)).toBeGreaterThan(before);
  });

  btrfsTest('says what btrfs send said of a subvolume that is writable', async ({ btrfs }) => {
    const { golden } = await received(btrfs);
    await expect(readHostCtransid(runner, golden)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('read-only'),
    });
  });
});

/** A release that was received whole. */
async function received(pool: string): Promise<{ into: string; golden: string; manifest: ReleaseManifest }> {
  const { golden, into, store, release } = await workshopIn(pool);
  await writeFile(join(golden, 'file'), 'released');
  const manifest = await release('v1.0.0');
  const [stream] = manifest.streams;
  if (stream === undefined) throw new Error('a release has a full stream');
  await receiveRelease(runner, { store, manifest, stream, into });
  return { golden, into, manifest };
}
