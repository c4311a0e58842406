import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
// Not through its package's door, behind which is what runs in a test only.
import { type GithubEmulator, withGithub } from '../../packages/testing/src/github/github-emulator.ts';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { makeHost } from './host.ts';
import { renderValue } from './render-sections.ts';
import { medianRatio, renderPairs, shell, timed } from './timed.ts';
import type { Workshop } from './workshop.ts';

const PLAIN = 'curl -sSfL -o "$OUT" "$URL"';
const SYNC = 'sync -f "$OUT"';

/** A download from GitHub's emulator over loopback, every chunk verified and the file on disk, against `curl`. */
export async function measureGithub(bench: Bench): Promise<Section> {
  const { place, large, extent, poolSize, say } = bench;
  const workshop = await large();
  await workshop.release('v1.0.0');
  const host = await makeHost(place, workshop, poolSize);
  const cache = join(host.deploy, '../cache');
  const out = join(host.deploy, '../curl.out');
  const [curl, synced, ours]: [number[], number[], number[]] = [[], [], []];
  try {
    const bytes = await withGithub({}, async (github) => {
      const asset = await offer(github, workshop);
      const env = { ...github.env, OUT: out, URL: asset.url, GITHUB_TOKEN: '', GH_TOKEN: '', GITHUB_TOKEN_FILE: '' };
      const fresh = async () => {
        await rm(out, { force: true });
        await rm(join(cache, 'v1.0.0'), { recursive: true, force: true });
        await systemRunner.capture(['sync', '-f', host.deploy]);
      };
      for (let round = 0; round <= extent.pairs; round += 1) {
        await fresh();
        const plain = (await timed(shell(PLAIN), env)).seconds;
        const sync = (await timed(shell(SYNC), env)).seconds;
        await fresh();
        const { seconds } = await timed(host.command('fetch', 'v1.0.0', '--store', 'github:octo/app'), env);
        say(
          `github ${round}: curl ${plain.toFixed(2)} s, with sync -f ${(plain + sync).toFixed(2)} s, ours ${seconds.toFixed(2)} s`,
        );
        // The first round warms the page cache for all and does not count.
        if (round === 0) continue;
        curl.push(plain);
        synced.push(plain + sync);
        ours.push(seconds);
      }
      return asset.bytes;
    });
    const figure = (what: string, plain: readonly number[]): Figure => ({
      what,
      value: medianRatio(plain, ours),
      unit: 'ratio',
      made: renderPairs(plain, ours),
    });
    return {
      title: `from GitHub's emulator over loopback, ${renderValue(bytes, 'bytes')} in one asset; speeds, so more is better`,
      commands: ['goldstream-receiver fetch v1.0.0 --store github:octo/app', PLAIN, SYNC],
      figures: [{ ...figure('fetch ÷ curl', curl), atLeast: 0.9 }, figure('fetch ÷ curl and sync -f', synced)],
    };
  } finally {
    await host.remove();
  }
}

/** Puts the workshop's release there as it lies in its store. Tells its full stream. */
async function offer({ repository, env }: GithubEmulator, { store, name }: Workshop) {
  const directory = join(store.slice('dir:'.length), 'v1.0.0');
  const files = await Promise.all(
    (await readdir(directory)).map(async (file) => ({ file, size: (await stat(join(directory, file))).size })),
  );
  repository.releases.push({
    id: repository.nextId(),
    tag: 'v1.0.0',
    name: null,
    body: null,
    draft: false,
    prerelease: false,
    assets: files.map(({ file, size }) => ({
      id: repository.nextId(),
      name: file,
      contentType: 'application/octet-stream',
      state: 'uploaded',
      size,
      sha256: file,
      path: join(directory, file),
    })),
  });
  const full = `${name}-v1.0.0.full.btrfs.zst`;
  const bytes = files.find(({ file }) => file === full)?.size ?? Number.NaN;
  return { bytes, url: `${env.GITHUB_SERVER_URL}/${repository.fullName}/releases/download/v1.0.0/${full}` };
}
