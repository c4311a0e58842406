import { readFile, writeFile } from 'node:fs/promises';
import { githubFaults } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { parseDraftBody } from '../src/github/draft-body.ts';
import type { Publication } from '../src/index.ts';
import {
  buildRelease,
  type GithubWorld,
  githubTest,
  MANIFEST,
  ONE,
  OTHER,
  PART_0,
  PART_1,
  withWorld,
} from './github-fixtures.ts';
import { read } from './release-files.ts';

const { cutsUpload, leavesStarter, losesAnswer, primaryRateLimit, says, secondaryRateLimit, silence } = githubFaults;

describe('publishing on GitHub', () => {
  githubTest(
    'shows a version to nobody until all of it is there, the signature last',
    async ({ world, publication }) => {
      const { github, publisher, everybody } = world;
      const invisible: string[] = [];
      github.disturb('repos/update-release', async ({ answer, repository }) => {
        invisible.push(await everybody.assetSize('v1.3.0', PART_0).catch((error) => error.code));
        expect(repository.releases[0]?.assets.map(({ name }) => name).slice(-2)).toEqual([MANIFEST, `${MANIFEST}.asc`]);
        return answer();
      });
      let bytes = 0;
      const count = (more: number) => {
        bytes += more;
      };
      expect(await publisher.publish(publication, count)).toBe('published');
      expect(invisible).toEqual(['STORE_VERSION_MISSING']);
      expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
      expect(bytes).toBe(await sizeOf(publication));
      expect(await publisher.listVersions()).toEqual(['v1.3.0']);
      // The draft said whose streams would come before the first of them came.
      const [create, ...others] = changesOf(world);
      expect(create).toBe('repos/create-release');
      expect(others.slice(0, 3)).toEqual(Array(3).fill('repos/upload-release-asset'));
      expect(parseDraftBody(github.repository.releases[0]?.body)).toEqual({ application: 'app', snapshot: ONE });
    },
  );

  githubTest(
    'changes nothing of what is published: the same is unchanged, another is refused',
    async ({ world, publication, temporaryDirectory }) => {
      const { publisher } = world;
      await publisher.publish(publication);
      const before = changesOf(world);
      expect(await publisher.publish(publication)).toBe('unchanged');
      const other = await buildRelease(temporaryDirectory, { created: '2026-11-23T03:00:00Z' });
      await expect(publisher.publish(other)).rejects.toMatchObject({ code: 'STORE_ALREADY_PUBLISHED', exitCode: 7 });
      expect(changesOf(world)).toEqual(before);
    },
  );

  githubTest(
    'goes on with the draft of the same snapshot: what has the right digest is not sent again',
    async ({ world, publication, temporaryDirectory }) => {
      const { github, publisher } = world;
      // Of the five uploads the fourth, the manifest, is refused for good.
      github.disturb('repos/upload-release-asset', goes, goes, goes, says(403, 'Forbidden'));
      await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_UNAUTHORISED' });
      const sent = uploadsOf(world);

      const again = await buildRelease(temporaryDirectory, { created: '2026-11-22T04:00:00Z' });
      expect(await publisher.publish(again)).toBe('published');
      expect(uploadsOf(world) - sent).toBe(2);
      expect(await read(publisher.openAsset('v1.3.0', MANIFEST))).toBe(await readFile(again.manifest.path, 'utf8'));
      expect(github.repository.releases).toHaveLength(1);
    },
  );

  githubTest('replaces of such a draft what is half or wrong', async ({ world, publication }) => {
    const { github, publisher, everybody } = world;
    github.disturb('repos/upload-release-asset', goes, goes, goes, says(403, 'Forbidden'));
    await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_UNAUTHORISED' });
    const [release] = github.repository.releases;
    const at = (name: string) => release?.assets.findIndex((asset) => asset.name === name) ?? -1;
    const [first, second] = [release?.assets[at(PART_0)], release?.assets[at(PART_1)]];
    if (release === undefined || first === undefined || second === undefined) throw new Error('no draft');
    release.assets[at(PART_0)] = { ...first, state: 'starter', size: 0, sha256: undefined };
    release.assets[at(PART_1)] = { ...second, sha256: '0'.repeat(64) };

    expect(await publisher.publish(publication)).toBe('published');
    expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
    expect(await read(everybody.openAsset('v1.3.0', PART_1))).toBe('the second part');
  });

  githubTest(
    'discards the streams of another snapshot, and never mixes the two',
    async ({ world, publication, temporaryDirectory }) => {
      const { github, publisher, said } = world;
      github.disturb('repos/upload-release-asset', goes, goes, goes, says(403, 'Forbidden'));
      await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_UNAUTHORISED' });
      const other = await buildRelease(temporaryDirectory, { snapshot: OTHER, text: 'of another snapshot' });
      const sent = uploadsOf(world);
      expect(await publisher.publish(other)).toBe('published');
      expect(uploadsOf(world) - sent).toBe(5);
      expect(said).toContainEqual(expect.stringContaining(`with snapshot ${ONE}; its streams are discarded`));
      expect(await read(publisher.openAsset('v1.3.0', PART_0))).toBe('of another snapshot');
      expect(github.repository.releases.map(({ body }) => parseDraftBody(body)?.snapshot)).toEqual([OTHER]);
    },
  );

  githubTest(
    'lets one of two runs win that begin at the same time; the other says so',
    async ({ world, publication, temporaryDirectory }) => {
      const { github, open } = world;
      const other = await buildRelease(temporaryDirectory, { snapshot: OTHER, text: 'of another snapshot' });
      // Both see that there is no draft, and both make one.
      let arrived = 0;
      let go = () => {};
      const both = new Promise<void>((resolve) => {
        go = resolve;
      });
      const meet: githubFaults.Fault = async ({ answer }) => {
        arrived += 1;
        if (arrived === 2) go();
        await both;
        return answer();
      };
      github.disturb('repos/create-release', meet, meet);
      const ended = await Promise.allSettled([publication, other].map((one) => open(github.token).publish(one)));
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(ended.find((end) => end.status === 'rejected')?.reason).toMatchObject({
        code: 'STORE_PUBLISHING_ELSEWHERE',
        exitCode: 7,
      });
      expect(github.repository.releases.map(({ draft }) => draft)).toEqual([false]);
    },
  );

  githubTest('stops when another run has taken the draft over', async ({ world, publication, temporaryDirectory }) => {
    const { github, open, publisher } = world;
    const other = await buildRelease(temporaryDirectory, { snapshot: OTHER, text: 'of another snapshot' });
    github.disturb('repos/get-release', async ({ answer }) => {
      await open(github.token).publish(other);
      return answer();
    });
    await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_PUBLISHING_ELSEWHERE' });
    expect(await read(open(undefined).openAsset('v1.3.0', PART_0))).toBe('of another snapshot');
  });

  githubTest(
    'touches no draft and no release that somebody else made under the tag',
    async ({ world, publication }) => {
      const { github, publisher } = world;
      const notes = { id: 99, tag: 'v1.3.0', name: null, body: 'by hand', draft: true, prerelease: false, assets: [] };
      github.repository.releases.push(notes);
      await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_OCCUPIED' });
      notes.draft = false;
      await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_OCCUPIED' });
      expect(changesOf(world)).toEqual([]);
    },
  );

  githubTest('says that a tag is burnt when a deleted immutable release had it', async ({ publication }) => {
    await withWorld({ hasImmutableReleases: true }, async ({ github, publisher }) => {
      await publisher.publish(publication);
      expect(await publisher.publish(publication)).toBe('unchanged');
      github.repository.releases.length = 0;
      github.repository.burntTags.add('v1.3.0');
      await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_TAG_BURNT', exitCode: 7 });
    });
  });

  githubTest('refuses a file that was changed since its manifest was written', async ({ world, publication }) => {
    const [part] = publication.assets;
    await writeFile(part?.path ?? '', 'THE FIRST PART');
    await expect(world.publisher.publish(publication)).rejects.toMatchObject({
      code: 'STORE_PUBLISH_FAILED',
      message: expect.stringContaining(`${PART_0}: SHA-256 is`),
    });
    expect(world.github.repository.releases.map(({ draft }) => draft)).toEqual([true]);
  });

  githubTest('needs a token that may write, and shows it in no message', async ({ world, publication }) => {
    const { github, open, everybody } = world;
    await expect(everybody.publish(publication)).rejects.toMatchObject({
      code: 'STORE_UNAUTHORISED',
      message: expect.stringContaining('needs a token'),
    });
    const failure = await open(github.readToken)
      .publish(publication)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNAUTHORISED' });
    expect(everything(failure)).not.toContain(github.readToken);
  });
});

describe('publishing while GitHub fails', () => {
  const troubles: [string, (world: GithubWorld) => void][] = [
    [
      '500 and 502 on every kind of call',
      ({ github }) => {
        for (const place of ['create-release', 'list-releases', 'list-release-assets', 'update-release'] as const) {
          github.disturb(`repos/${place}`, says(500), says(502));
        }
        github.disturb('repos/upload-release-asset', says(502), goes, says(500));
      },
    ],
    [
      'answers that are lost after it was done',
      ({ github }) => {
        for (const place of ['create-release', 'upload-release-asset', 'update-release'] as const) {
          github.disturb(`repos/${place}`, losesAnswer());
        }
      },
    ],
    [
      'uploads that are cut, and leave an asset as starter',
      ({ github }) => {
        github.disturb('repos/upload-release-asset', cutsUpload(5), goes, cutsUpload(1));
      },
    ],
    [
      'uploads that end in 502, and leave an asset as starter',
      ({ github }) => {
        github.disturb('repos/upload-release-asset', leavesStarter(), leavesStarter());
      },
    ],
    [
      'no answer at all',
      ({ github, clock }) => {
        github.disturb(
          'repos/upload-release-asset',
          silence(() => clock.fireTimers()),
        );
        github.disturb(
          'repos/create-release',
          silence(() => clock.fireTimers()),
        );
      },
    ],
    [
      'the primary rate limit, for a moment',
      ({ github }) => {
        github.disturb('repos/create-release', primaryRateLimit(5));
        github.disturb('repos/upload-release-asset', primaryRateLimit(5));
      },
    ],
    [
      'the secondary rate limit',
      ({ github }) => {
        github.disturb('repos/upload-release-asset', secondaryRateLimit(2), secondaryRateLimit(2));
        github.disturb('repos/update-release', secondaryRateLimit(2));
      },
    ],
  ];
  for (const [what, disturb] of troubles) {
    githubTest(`survives ${what}`, async ({ world, publication }) => {
      disturb(world);
      const { github, publisher, everybody } = world;
      expect(await publisher.publish(publication)).toBe('published');
      expect(github.repository.releases).toHaveLength(1);
      expect(github.repository.releases[0]?.assets.map(({ name }) => name).sort()).toEqual(namesOf(publication));
      expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
    });
  }

  githubTest('replaces what arrived otherwise than it was sent', async ({ world, publication }) => {
    const { github, publisher, everybody } = world;
    github.disturb('repos/upload-release-asset', async ({ answer, repository }) => {
      const { content, ...rest } = await answer();
      const assets = repository.releases[0]?.assets ?? [];
      const [first] = assets;
      if (first === undefined || content?.kind !== 'json') throw new Error('nothing was uploaded');
      assets[0] = { ...first, sha256: '0'.repeat(64) };
      return {
        ...rest,
        content: { ...content, value: { ...Object(content.value), digest: `sha256:${'0'.repeat(64)}` } },
      };
    });
    expect(await publisher.publish(publication)).toBe('published');
    expect(await read(everybody.openAsset('v1.3.0', PART_0))).toBe('the first part');
  });

  githubTest('gives up after several tries, and leaves nothing that anybody sees', async ({ world, publication }) => {
    const { github, publisher, everybody } = world;
    github.disturb('repos/upload-release-asset', ...Array.from({ length: 40 }, () => says(502)));
    await expect(publisher.publish(publication)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', exitCode: 7 });
    await expect(everybody.assetSize('v1.3.0', PART_0)).rejects.toMatchObject({ code: 'STORE_VERSION_MISSING' });
  });

  githubTest('does not wait for hours: a limit that lasts is told with its time', async ({ world, publication }) => {
    world.github.disturb('repos/create-release', primaryRateLimit(1800));
    await expect(world.publisher.publish(publication)).rejects.toMatchObject({
      code: 'STORE_RATE_LIMITED',
      message: expect.stringContaining('31 minutes'),
    });
  });

  githubTest('ends at once when it is told to', async ({ world, publication }) => {
    const { github, open } = world;
    const controller = new AbortController();
    const reason = new Error('asked to stop');
    github.disturb(
      'repos/upload-release-asset',
      silence(() => controller.abort(reason)),
    );
    const { signal } = controller;
    await expect(open(github.token, { signal }).publish(publication)).rejects.toBe(reason);
  });
});

/** Nothing is wrong. */
const goes: githubFaults.Fault = ({ answer }) => answer();

/** Operations that were asked for a change, in order. */
function changesOf({ github }: GithubWorld): string[] {
  return github.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD').map(({ place }) => place);
}

function uploadsOf(world: GithubWorld): number {
  return changesOf(world).filter((place) => place === 'repos/upload-release-asset').length;
}

function namesOf({ assets, manifest, signature }: Publication): string[] {
  return [...assets, manifest, signature].map(({ name }) => name).sort();
}

async function sizeOf({ assets, manifest, signature }: Publication): Promise<number> {
  const files = await Promise.all([...assets, manifest, signature].map(({ path }) => readFile(path)));
  return files.reduce((sum, { length }) => sum + length, 0);
}

/** An error with all its causes, as a careless program would print it. */
function everything(error: unknown): string {
  return error instanceof Error ? `${error} ${JSON.stringify(error)} ${everything(error.cause)}` : '';
}
