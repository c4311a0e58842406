import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { acquireLock, type Running, systemRunner } from '../src/index.ts';

/** Takes the lock, says so, and keeps it until it is ended. */
const HOLDER = fileURLToPath(new URL('lock-holder.ts', import.meta.url));

describe('acquireLock', () => {
  directoryTest('refuses a second process and names the holder', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const holder = await startHolder(lock);
    try {
      await expect(acquireLock(systemRunner, lock)).rejects.toMatchObject({
        code: 'SYSTEM_LOCKED',
        message: expect.stringContaining(`process ${holder.pid} since `),
      });
      expect(await readFile(lock, 'utf8')).toContain(`process ${holder.pid}`);
    } finally {
      await end(holder);
    }
  });

  directoryTest('names what the holder was asked to do', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const holder = await startHolder(lock);
    try {
      // The holder's only word is the path of the lock.
      await expect(acquireLock(systemRunner, lock)).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`since [^ ]+Z: ${lock}$`)),
      });
    } finally {
      await end(holder);
    }
  });

  directoryTest('is waited for, and had when its holder ends', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const holder = await startHolder(lock);
    const waiting = acquireLock(systemRunner, lock, { patience: 600 });
    await end(holder);
    await using _held = await waiting;
  });

  directoryTest('is not waited for longer than was said', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const holder = await startHolder(lock);
    try {
      await expect(acquireLock(systemRunner, lock, { patience: 1 })).rejects.toMatchObject({
        code: 'SYSTEM_LOCKED',
        message: expect.stringContaining('still, after 1 seconds'),
      });
    } finally {
      await end(holder);
    }
  });

  directoryTest('is not waited for any longer once the waiting is ended', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const holder = await startHolder(lock);
    try {
      const stop = new AbortController();
      const waiting = acquireLock(systemRunner, lock, { patience: 600, signal: stop.signal });
      stop.abort();
      await expect(waiting).rejects.toThrow();
    } finally {
      await end(holder);
    }
  });

  directoryTest('is free again when its holder was killed', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    await end(await startHolder(lock));
    await using _held = await acquireLock(systemRunner, lock);
    expect(await readFile(lock, 'utf8')).toContain(`process ${process.pid} `);
  });

  directoryTest('is refused to ourselves, too, until it is released', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const held = await acquireLock(systemRunner, lock);
    await expect(acquireLock(systemRunner, lock)).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    await held.release();
    await using _again = await acquireLock(systemRunner, lock);
  });

  directoryTest('is not kept by a child that was started meanwhile', async ({ temporaryDirectory }) => {
    const lock = join(temporaryDirectory, 'lock');
    const held = await acquireLock(systemRunner, lock);
    const child = systemRunner.spawn(['sleep', '600']);
    try {
      await held.release();
      await using _again = await acquireLock(systemRunner, lock);
    } finally {
      await end(child);
    }
  });
});

async function startHolder(lock: string): Promise<Running> {
  const holder = systemRunner.spawn([process.execPath, '--conditions=source', HOLDER, lock], { stdout: 'pipe' });
  if (holder.stdout === undefined) throw new Error('a pipe was asked for');
  const [said] = await Promise.race([once(createInterface(holder.stdout), 'line'), holder.ended.then(() => [])]);
  expect(said).toBe('held');
  return holder;
}

async function end(child: Running): Promise<void> {
  child.kill('SIGKILL');
  await expect(child.ended).rejects.toMatchObject({ message: expect.stringContaining('SIGKILL') });
}
