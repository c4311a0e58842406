import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { openStore } from '../open-store.ts';

const NAME = 'shop-stable.channel';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const bytes = (text: string) => Buffer.from(text);

/** One after the other, as flock does it between processes. */
function turnstile() {
  let last: Promise<void> = Promise.resolve();
  return async (): Promise<AsyncDisposable> => {
    const before = last;
    let leave = () => {};
    last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return { [Symbol.asyncDispose]: async () => leave() };
  };
}

describe('publishing a document in a directory', () => {
  directoryTest('makes it, replaces it, and leaves nothing else', async ({ temporaryDirectory: base }) => {
    const store = openStore(`dir:${base}`, 'shop');
    const lock = turnstile();
    await store.publishDocument(NAME, bytes('one'), { replaces: undefined, lock });
    await store.publishDocument(NAME, bytes('two'), { replaces: sha256('one'), lock });
    expect(await readFile(join(base, NAME), 'utf8')).toBe('two');
    expect((await stat(join(base, NAME))).mode & 0o777).toBe(0o644);
    expect(await readdir(base)).toEqual([NAME]);
  });

  directoryTest.for([
    ['is there', undefined],
    ['is another one', sha256('zero')],
  ] as const)(
    'refuses to replace what %s, unlike what was read',
    async ([, replaces], { temporaryDirectory: base }) => {
      const store = openStore(`dir:${base}`, 'shop');
      await writeFile(join(base, NAME), 'one');
      await expect(store.publishDocument(NAME, bytes('two'), { replaces, lock: turnstile() })).rejects.toMatchObject({
        code: 'STORE_DOCUMENT_CHANGED',
        exitCode: 7,
      });
      expect(await readFile(join(base, NAME), 'utf8')).toBe('one');
      expect(await readdir(base)).toEqual([NAME]);
    },
  );

  directoryTest('refuses to bring back what was removed', async ({ temporaryDirectory: base }) => {
    const replacement = { replaces: sha256('one'), lock: turnstile() };
    const published = openStore(`dir:${base}`, 'shop').publishDocument(NAME, bytes('two'), replacement);
    await expect(published).rejects.toMatchObject({ code: 'STORE_DOCUMENT_CHANGED' });
  });

  directoryTest('lets one of many win who began with the same file', async ({ temporaryDirectory: base }) => {
    await writeFile(join(base, NAME), 'one');
    const lock = turnstile();
    const attempts = ['a', 'b', 'c', 'd'].map((text) =>
      openStore(`dir:${base}`, 'shop').publishDocument(NAME, bytes(text), { replaces: sha256('one'), lock }),
    );
    const ended = await Promise.allSettled(attempts);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  });

  directoryTest('needs a plain name and a directory', async ({ temporaryDirectory: base }) => {
    const replacement = { replaces: undefined, lock: turnstile() };
    for (const name of ['../x', '.hidden', 'a/b', '']) {
      const published = openStore(`dir:${base}`, 'shop').publishDocument(name, bytes('x'), replacement);
      await expect(published).rejects.toMatchObject({ code: 'STORE_PUBLISH_FAILED' });
    }
    const missing = openStore(`dir:${join(base, 'missing')}`, 'shop').publishDocument(NAME, bytes('x'), replacement);
    await expect(missing).rejects.toMatchObject({ code: 'STORE_MISSING' });
  });
});
