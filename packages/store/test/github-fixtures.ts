import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AssetDigester,
  type AssetEntry,
  CHUNK_BYTES,
  FORMAT_VERSION,
  fullAssetNames,
  manifestName,
  type ReleaseManifest,
  renderManifest,
  SUMS_NAME,
  signatureName,
  type Version,
} from '@goldstream/release';
import { directoryTest, type GithubEmulator, type GithubOptions, withGithub } from '@goldstream/testing';
import { githubStore } from '../src/github/github-store.ts';
import type { Publication, Store, StoreOptions } from '../src/index.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { APPLICATION } from './release-files.ts';

export const ONE = '11111111-1111-4111-8111-111111111111';
export const OTHER = '22222222-2222-4222-8222-222222222222';
export const MANIFEST = manifestName(APPLICATION, 'v1.3.0');
export const [PART_0 = '', PART_1 = ''] = fullAssetNames(APPLICATION, 'v1.3.0', 2);

/** Octokit's plugins without their pauses. */
const atOnce = { key: () => ({ schedule: (_: unknown, task: () => unknown) => task() }) };
const manners = {
  retry: { retryAfterBaseValue: 1 },
  throttle: { retryAfterBaseValue: 1, write: atOnce, notifications: atOnce },
};

/** GitHub, and stores in its repository that know no other time than `clock`. */
export interface GithubWorld {
  readonly github: GithubEmulator;
  readonly clock: FakeClock;
  /** What was said to people. */
  readonly said: string[];
  /** `token` undefined: as everybody. */
  open(token: string | undefined, options?: StoreOptions): Store;
  /** Who may write. */
  readonly publisher: Store;
  /** As everybody. */
  readonly everybody: Store;
}

/** Runs `use` with a GitHub of its own. */
export async function withWorld(options: GithubOptions, use: (world: GithubWorld) => Promise<void>): Promise<void> {
  await withGithub(options, async (github) => {
    const clock = fakeClock({ date: Date.now() });
    const said: string[] = [];
    const open: GithubWorld['open'] = (token, more = {}) =>
      githubStore({ host: undefined, owner: 'octo', repo: 'app' }, APPLICATION, {
        env: { ...github.env, ...(token === undefined ? {} : { GITHUB_TOKEN: token }) },
        onRetry: (line) => said.push(line),
        clock,
        manners,
        ...more,
      });
    await use({ github, clock, said, open, publisher: open(github.token), everybody: open(undefined) });
  });
}

/** `test` with a public repository, and the files of a release in `publication`. */
export const githubTest = directoryTest.extend<{ world: GithubWorld; publication: Publication }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest's way to say that this fixture needs no other.
  world: async ({}, use) => withWorld({}, use),
  publication: async ({ temporaryDirectory }, use) => use(await buildRelease(temporaryDirectory)),
});

/** What is special about a release that is built. */
export interface Built {
  readonly version?: Version;
  readonly snapshot?: string;
  /** Content of the first part. */
  readonly text?: string;
  readonly created?: string;
}

/** The files of a release in two parts, as a builder has them before it publishes. */
export async function buildRelease(
  directory: string,
  { version = 'v1.3.0', snapshot = ONE, text = 'the first part', created = '2026-11-22T03:00:00Z' }: Built = {},
): Promise<Publication> {
  const from = await mkdtemp(join(directory, 'built-'));
  const write = async (name: string, content: string) => {
    const path = join(from, name);
    await writeFile(path, content);
    return { name, path };
  };
  const contents = fullAssetNames(APPLICATION, version, 2).map((name, part) => ({
    name,
    content: part === 0 ? text : 'the second part',
  }));
  const entries = contents.map(({ name, content }) => {
    const digester = new AssetDigester();
    digester.update(Buffer.from(content));
    return { name, ...digester.digest() };
  });
  const manifest = await write(
    manifestName(APPLICATION, version),
    renderManifest({ ...manifestOf(version, snapshot, entries), created }),
  );
  return {
    version,
    assets: [
      ...(await Promise.all(contents.map(({ name, content }) => write(name, content)))),
      await write(SUMS_NAME, 'sums'),
    ],
    manifest,
    signature: await write(signatureName(manifest.name), `a signature of ${created}`),
  };
}

/** A manifest with one full stream. */
export function manifestOf(version: Version, uuid: string, assets: readonly AssetEntry[]): ReleaseManifest {
  return {
    formatVersion: FORMAT_VERSION,
    application: APPLICATION,
    version,
    created: '2026-11-22T03:00:00Z',
    architecture: 'x86_64',
    snapshot: { name: version, uuid, transid: 7, bytes: 1, files: 1, contentDigest: `sha256:${'0'.repeat(64)}` },
    chunkBytes: CHUNK_BYTES,
    streams: [{ kind: 'full', protocol: 1, encoding: 'zstd', rawBytes: 1000, rawSha256: '0'.repeat(64), assets }],
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
}
