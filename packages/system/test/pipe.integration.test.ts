import { closeSync, read, readdirSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openPipe, systemRunner } from '../src/index.ts';

const [readAsync, writeAsync] = [promisify(read), promisify(write)];

/** A pipe holds 64 KiB, or 1 MiB where the kernel lets us; a write of this much has to wait. */
const MORE_THAN_IT_HOLDS = 2 * 1024 * 1024;

describe('openPipe', () => {
  it('leaves nothing but its two ends: no file, no other descriptor', async () => {
    const before = descriptors();
    const { readEnd, writeEnd } = await openPipe(systemRunner);
    expect(descriptors() - before).toBe(2);
    for (const end of [readEnd, writeEnd]) closeSync(end);
    expect(descriptors()).toBe(before);
  });

  it('takes what a pipe holds, and waits with the rest until somebody reads', async () => {
    const { readEnd, writeEnd } = await openPipe(systemRunner);
    try {
      let written = false;
      const writing = writeAsync(writeEnd, Buffer.alloc(MORE_THAN_IT_HOLDS)).then(() => {
        written = true;
      });
      // Starting another program takes long enough for a write that need not wait.
      await systemRunner.run(['true']);
      expect(written).toBe(false);
      let bytes = 0;
      while (bytes < MORE_THAN_IT_HOLDS) {
        bytes += (await readAsync(readEnd, Buffer.alloc(65_536), 0, 65_536, null)).bytesRead;
      }
      await writing;
    } finally {
      for (const end of [readEnd, writeEnd]) closeSync(end);
    }
  });

  it('ends for the reader when the writer, another program, has ended', async () => {
    const { readEnd, writeEnd } = await openPipe(systemRunner);
    try {
      const child = systemRunner.spawn(['echo', 'last words'], { stdout: writeEnd });
      closeSync(writeEnd);
      await child.ended;
      const buffer = Buffer.alloc(100);
      const { bytesRead } = await readAsync(readEnd, buffer, 0, 100, null);
      expect(buffer.toString('utf8', 0, bytesRead)).toBe('last words\n');
      expect((await readAsync(readEnd, buffer, 0, 100, null)).bytesRead).toBe(0);
    } finally {
      closeSync(readEnd);
    }
  });

  it('refuses the writer when the reader is gone', async () => {
    const { readEnd, writeEnd } = await openPipe(systemRunner);
    closeSync(readEnd);
    expect(() => writeSync(writeEnd, 'x')).toThrow(expect.objectContaining({ code: 'EPIPE' }));
    closeSync(writeEnd);
  });

  it('is inherited by no program that it was not given to', async () => {
    const before = await systemRunner.capture(['ls', '/proc/self/fd']);
    const { readEnd, writeEnd } = await openPipe(systemRunner);
    try {
      expect(await systemRunner.capture(['ls', '/proc/self/fd'])).toBe(before);
    } finally {
      for (const end of [readEnd, writeEnd]) closeSync(end);
    }
  });
});

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
