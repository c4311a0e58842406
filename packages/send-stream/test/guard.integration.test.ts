import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findSubvolume, showSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { chunked } from './chunking.ts';
import { encodeCommand } from './encode-stream.ts';
import { expectationOf, refusalOf } from './guarding.ts';
import { recorded } from './recorded.ts';

/** `btrfs receive --chroot` into a directory that nobody else can enter; gives back its exit code. */
async function receive(directory: string, stream: Uint8Array): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const command = ['btrfs', 'receive', '--quiet', '--chroot', directory] as const;
  return (await systemRunner.run(command, { input: stream, accept: [1] })).exitCode;
}

describe('btrfs receive', () => {
  btrfsTest('takes the recorded streams as they come out of the guard', async ({ btrfs }) => {
    const directory = join(btrfs, 'in');
    for (const name of ['full', 'incremental', 'incremental-proto-2'] as const) {
      const expected = expectationOf(name);
      const { error, passed } = refusalOf(expected, chunked(recorded(name), [1000]));
      expect(error).toBeUndefined();
      expect(await receive(directory, passed)).toBe(0);
      expect(await showSubvolume(systemRunner, join(directory, expected.name ?? ''))).toMatchObject({
        readonly: true,
        receivedUuid: expected.uuid,
        sendTransid: Number(expected.transid),
      });
    }
  });

  btrfsTest('finishes no subvolume of a stream that goes on after its end', async ({ btrfs }) => {
    const stream = Buffer.concat([
      recorded('full'),
      encodeCommand('mkdir', [
        ['path', 'x'],
        ['ino', 257n],
      ]),
    ]);
    const expected = expectationOf('full');

    // Left alone, it finishes the subvolume before it notices.
    const unguarded = join(btrfs, 'unguarded');
    expect(await receive(unguarded, stream)).toBe(1);
    expect(await findSubvolume(systemRunner, join(unguarded, expected.name ?? ''))).toMatchObject({ readonly: true });

    const guarded = join(btrfs, 'guarded');
    const { error, passed } = refusalOf(expected, chunked(stream, [1000]));
    expect(error).toMatchObject({ code: 'SEND_STREAM_TRAILING_DATA' });
    expect(await receive(guarded, passed)).toBe(1);
    const stub = await showSubvolume(systemRunner, join(guarded, expected.name ?? ''));
    expect(stub).toMatchObject({ readonly: false, receivedUuid: undefined });
  });
});
