import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signatureName } from '@goldstream/release';
import { githubFaults } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { githubStore } from '../src/github/github-store.ts';
import { findSite } from '../src/github/site.ts';
import { fetchManifest } from '../src/index.ts';
import { type GithubWorld, githubTest, MANIFEST, PART_0, withWorld } from './github-fixtures.ts';
import { APPLICATION, read } from './release-files.ts';

const { cutsAnswer, expiredLink, primaryRateLimit, says, secondaryRateLimit } = githubFaults;

describe('reading what is public', () => {
  githubTest('makes no call of the API, and tells nobody who asks', async ({ world, publication }) => {
    const { github, publisher, everybody } = world;
    await publisher.publish(publication);
    const before = github.requests.length;
    expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
    expect(await read(everybody.openAsset('v1.3.0', PART_0, { start: 4, end: 9 }))).toBe('first');
    expect(await everybody.assetSize('v1.3.0', PART_0)).toBe(14);
    const { signature } = await fetchManifest(everybody, 'v1.3.0');
    expect(Buffer.from(signature).toString()).toMatch(/^a signature/);
    const asked = github.requests.slice(before);
    expect(new Set(asked.map(({ place }) => place))).toEqual(new Set(['site', 'objects']));
    expect(asked.filter(({ isAuthorised }) => isAuthorised)).toEqual([]);
  });

  githubTest('cannot list versions, and says what can', async ({ world }) => {
    await expect(world.everybody.listVersions()).rejects.toMatchObject({
      code: 'STORE_NO_LISTING',
      hint: expect.stringContaining('GITHUB_TOKEN'),
    });
    expect(world.github.requests).toEqual([]);
  });

  githubTest('says of what is not there that a token might see more', async ({ world }) => {
    await expect(world.everybody.assetSize('v1.3.0', PART_0)).rejects.toMatchObject({
      code: 'STORE_VERSION_MISSING',
      hint: expect.stringContaining('GITHUB_TOKEN'),
    });
  });

  githubTest('waits when it is told to, and gives up when that is for hours', async ({ world, publication }) => {
    const { github, clock, publisher, everybody } = world;
    await publisher.publish(publication);
    github.disturb('site', secondaryRateLimit(7));
    expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
    expect(clock.slept).toEqual([7000]);
    github.disturb('site', primaryRateLimit(3600));
    await expect(everybody.assetSize('v1.3.0', PART_0)).rejects.toMatchObject({ code: 'STORE_RATE_LIMITED' });
  });
});

/** Both ways lead to another host for the bytes, by a link that is good for minutes. */
describe.each(['everybody', 'a token'])('reading as %s', (who) => {
  const storeOf = ({ everybody, github, open }: GithubWorld) =>
    who === 'a token' ? open(github.readToken) : everybody;
  const first = who === 'a token' ? 'repos/get-release-asset' : 'site';

  githubTest('asks for a new link when one has expired', async ({ world, publication }) => {
    const { github, publisher } = world;
    await publisher.publish(publication);
    const before = github.requests.length;
    github.disturb('objects', expiredLink(), expiredLink());
    expect(await read(storeOf(world).openAsset('v1.3.0', PART_0))).toBe('the first part');
    expect(github.requests.slice(before).filter(({ place }) => place === first)).toHaveLength(3);
  });

  githubTest('goes on where it was cut, with a new link', async ({ world, publication }) => {
    const { github, publisher } = world;
    await publisher.publish(publication);
    const before = github.requests.length;
    github.disturb('objects', cutsAnswer(5), says(502));
    expect(await read(storeOf(world).openAsset('v1.3.0', PART_0))).toBe('the first part');
    expect(github.requests.slice(before).filter(({ place }) => place === first)).toHaveLength(3);
  });

  githubTest('refuses to go on in another file: its ETag says so', async ({ world, publication }) => {
    const { github, publisher } = world;
    await publisher.publish(publication);
    github.disturb('objects', cutsAnswer(5), async ({ answer }) => {
      const { headers, ...rest } = await answer();
      return { ...rest, headers: { ...headers, etag: '"another"' } };
    });
    await expect(read(storeOf(world).openAsset('v1.3.0', PART_0))).rejects.toMatchObject({ code: 'STORE_CHANGED' });
  });
});

describe('reading what is private', () => {
  githubTest('shows the token to GitHub, and to no other host', async ({ publication }) => {
    await withWorld({ isPrivate: true }, async ({ github, publisher, everybody, open }) => {
      await publisher.publish(publication);
      await expect(everybody.assetSize('v1.3.0', PART_0)).rejects.toMatchObject({ code: 'STORE_VERSION_MISSING' });
      const before = github.requests.length;
      const reader = open(github.readToken);
      expect(await read(reader.openAsset('v1.3.0', PART_0, { start: 4 }))).toBe('first part');
      const asked = github.requests.slice(before).map(({ place, isAuthorised }) => [place, isAuthorised]);
      expect(asked).toEqual([
        ['repos/get-release-by-tag', true],
        ['repos/list-release-assets', true],
        ['repos/get-release-asset', true],
        ['objects', false],
      ]);
      expect(await reader.listVersions()).toEqual(['v1.3.0']);
    });
  });

  githubTest('takes the token from a file, before the environment', async ({ publication, temporaryDirectory }) => {
    await withWorld({ isPrivate: true }, async ({ github, publisher, clock }) => {
      await publisher.publish(publication);
      const tokenFile = join(temporaryDirectory, 'token');
      await writeFile(tokenFile, `${github.readToken}\n`);
      const name = { host: undefined, owner: 'octo', repo: 'app' };
      const sizeWith = (options: object, env: object) =>
        githubStore(name, APPLICATION, { clock, ...options, env: { ...github.env, ...env } }).assetSize(
          'v1.3.0',
          PART_0,
        );
      expect(await sizeWith({ tokenFile }, { GITHUB_TOKEN: 'wrong' })).toBe(14);
      expect(await sizeWith({}, { GITHUB_TOKEN_FILE: tokenFile, GITHUB_TOKEN: 'wrong' })).toBe(14);
      expect(await sizeWith({}, { GH_TOKEN: github.readToken })).toBe(14);
      await writeFile(tokenFile, 'two words\n');
      expect(() => sizeWith({ tokenFile }, {})).toThrowError(expect.objectContaining({ code: 'STORE_UNAUTHORISED' }));
    });
  });

  githubTest('never sends a token unencrypted to another machine', async () => {
    const env = { GITHUB_SERVER_URL: 'http://ghe.example.org', GITHUB_TOKEN: 'ghs_secret' };
    const open = () => githubStore({ host: undefined, owner: 'octo', repo: 'app' }, APPLICATION, { env });
    expect(open).toThrowError(expect.objectContaining({ code: 'STORE_UNAUTHORISED' }));
    expect(open).not.toThrowError(/ghs_secret/);
  });

  githubTest('shows the environment’s token to the environment’s server alone', async ({ temporaryDirectory }) => {
    const tokenFile = join(temporaryDirectory, 'token');
    await writeFile(tokenFile, 'of-the-file');
    const tokenFor = (host: string | undefined, env: object, options = {}) =>
      findSite({ host, owner: 'octo', repo: 'app' }, { env: { GITHUB_TOKEN: 'of-github', ...env }, ...options }).token;
    expect(tokenFor(undefined, {})).toBe('of-github');
    expect(tokenFor('ghe.example.org', {})).toBeUndefined();
    expect(tokenFor('ghe.example.org', { GH_ENTERPRISE_TOKEN: 'of-ghe' })).toBe('of-ghe');
    expect(tokenFor('ghe.example.org', { GITHUB_SERVER_URL: 'https://ghe.example.org' })).toBe('of-github');
    expect(tokenFor('ghe.example.org', {}, { tokenFile })).toBe('of-the-file');
  });

  githubTest('tells apart what is missing', async ({ publication }) => {
    await withWorld({ isPrivate: true }, async ({ github, publisher, open }) => {
      const codeOf = (name: string) =>
        open(github.readToken)
          .assetSize('v1.3.0', name)
          .catch((error) => error.code);
      expect(await codeOf(PART_0)).toBe('STORE_VERSION_MISSING');
      await publisher.publish(publication);
      expect(await codeOf('app-v1.3.0.changes.md')).toBe('STORE_ASSET_MISSING');
      const [release] = github.repository.releases;
      const at = release?.assets.findIndex(({ name }) => name === signatureName(MANIFEST)) ?? -1;
      release?.assets.splice(at, 1);
      expect(await codeOf(signatureName(MANIFEST))).toBe('STORE_UNFINISHED');
      expect(await open(github.readToken).listVersions()).toEqual([]);
    });
  });

  githubTest('does not take a page for an answer of the API', async () => {
    await withWorld({ isPrivate: true }, async ({ github, open }) => {
      github.disturb('repos/get-release-by-tag', says(200, 'welcome to our proxy'));
      await expect(open(github.readToken).assetSize('v1.3.0', PART_0)).rejects.toMatchObject({
        code: 'STORE_BAD_ANSWER',
      });
    });
  });

  githubTest('waits when it is told to', async ({ world, publication }) => {
    const { github, publisher, open, clock } = world;
    await publisher.publish(publication);
    github.disturb('repos/get-release-by-tag', secondaryRateLimit(9), primaryRateLimit(3600));
    await expect(open(github.readToken).assetSize('v1.3.0', PART_0)).rejects.toMatchObject({
      code: 'STORE_RATE_LIMITED',
    });
    expect(clock.slept).toEqual([9000]);
  });
});
