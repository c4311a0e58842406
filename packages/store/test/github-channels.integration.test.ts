import { createHash } from 'node:crypto';
import { githubFaults } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { Store } from '../src/index.ts';
import { type GithubWorld, githubTest, withWorld } from './github-fixtures.ts';

const { losesAnswer, says } = githubFaults;
const NAME = 'app-stable.channel';

describe('a channel on GitHub', () => {
  githubTest('is a file on a branch of its own that has nothing in common with the sources', async ({ world }) => {
    const { github, publisher, everybody } = world;
    await expect(everybody.readDocument(NAME, 100)).rejects.toMatchObject({ code: 'STORE_DOCUMENT_MISSING' });
    await put(publisher, 'first', undefined);
    await put(publisher, 'second', 'first');
    expect(await text(everybody)).toBe('second');
    expect(await text(publisher)).toBe('second');
    const { repository } = github;
    expect([...repository.refs.keys()]).toEqual(['refs/heads/goldstream-channels']);
    expect([...repository.commits.values()].map(({ message }) => message)).toEqual([
      'Begin the branch of channels',
      `Add ${NAME}`,
      `Change ${NAME}`,
    ]);
    expect(repository.releases).toEqual([]);
  });

  githubTest('is read by everybody without a call of the API', async ({ world }) => {
    const { github, publisher, everybody } = world;
    await put(publisher, 'first', undefined);
    const before = github.requests.length;
    expect(await text(everybody)).toBe('first');
    expect(github.requests.slice(before).map(({ place }) => place)).toEqual(['site', 'objects']);
    await expect(everybody.readDocument(NAME, 4)).rejects.toMatchObject({ code: 'STORE_LENGTH_MISMATCH' });
  });

  githubTest('of a private repository is read through the API', async () => {
    await withWorld({ isPrivate: true }, async ({ github, publisher, everybody, open }) => {
      await put(publisher, 'first', undefined);
      expect(await text(open(github.readToken))).toBe('first');
      await expect(everybody.readDocument(NAME, 100)).rejects.toMatchObject({ code: 'STORE_DOCUMENT_MISSING' });
    });
  });

  githubTest('is replaced by one of two who began with the same file', async ({ world }) => {
    const { github, publisher, open } = world;
    await put(publisher, 'first', undefined);
    // The other one is faster by a moment: after ours has looked, before it has written.
    github.disturb('repos/create-or-update-file-contents', async ({ answer }) => {
      await put(open(github.token), 'of the other', 'first');
      return answer();
    });
    await expect(put(publisher, 'ours', 'first')).rejects.toMatchObject({
      code: 'STORE_DOCUMENT_CHANGED',
      exitCode: 7,
    });
    await expect(put(publisher, 'ours', 'first')).rejects.toMatchObject({ code: 'STORE_DOCUMENT_CHANGED' });
    expect(await text(publisher)).toBe('of the other');
  });

  githubTest('is made by one of two who saw that there was none', async ({ world }) => {
    const { github, publisher, open } = world;
    github.disturb('git/create-ref', async ({ answer }) => {
      await put(open(github.token), 'of the other', undefined);
      return answer();
    });
    await expect(put(publisher, 'ours', undefined)).rejects.toMatchObject({ code: 'STORE_DOCUMENT_CHANGED' });
    expect(await text(publisher)).toBe('of the other');
  });

  githubTest('is written once, however often the answer is lost', async ({ world }) => {
    const { github, publisher } = world;
    const place = 'repos/create-or-update-file-contents';
    github.disturb(place, says(502), losesAnswer());
    await put(publisher, 'first', undefined);
    github.disturb(place, losesAnswer(), losesAnswer());
    await put(publisher, 'second', 'first');
    expect(await text(publisher)).toBe('second');
    expect(github.repository.commits.size).toBe(3);
  });

  githubTest(
    'that a cache gives in an old copy is asked for again after a while, and then no more',
    async ({ world }) => {
      const { github, clock, publisher, everybody, said } = world;
      await put(publisher, 'first', undefined);
      await put(publisher, 'second', 'first');
      github.stale.reads = 1;
      expect(await text(everybody)).toBe('first');
      expect(await everybody.awaitFresher?.(1)).toBe(true);
      expect(await text(everybody)).toBe('second');
      expect(clock.slept).toEqual([5000]);
      expect(said).toContainEqual(expect.stringContaining('gave an old copy'));
      expect(await everybody.awaitFresher?.(4)).toBe(false);
      expect(publisher.awaitFresher).toBeUndefined();
    },
  );
});

async function put(store: GithubWorld['publisher'], content: string, replaces: string | undefined): Promise<void> {
  const lock = () => Promise.reject(new Error('nobody is kept out of anything'));
  const sha256 = replaces && createHash('sha256').update(replaces).digest('hex');
  await store.publishDocument(NAME, Buffer.from(content), { replaces: sha256, lock });
}

async function text(store: Store): Promise<string> {
  return Buffer.from(await store.readDocument(NAME, 100)).toString();
}
