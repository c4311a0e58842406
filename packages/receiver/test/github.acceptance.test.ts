import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from '@goldstream/system';
import { btrfsTest, cli, type GithubEmulator, githubFaults, withGithub } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { demandDone } from './demand-done.ts';
import { writeShopRecipe } from './released-shop.ts';
import { receivedRecord, type TargetHost, targetHost } from './target-host.ts';

const STORE = 'github:octo/app';
const BUILDER = cli(fileURLToPath(new URL('../../builder/src/main.ts', import.meta.url)));
/** Where the host is told to look; no token of the caller's own counts. */
const nobody = (github: GithubEmulator) => ({ ...github.env, GITHUB_TOKEN: '', GH_TOKEN: '', GITHUB_TOKEN_FILE: '' });

describe('a store on GitHub', () => {
  btrfsTest(
    'is released to, followed by hosts through its channel, and resumed after a half-failed run',
    async ({ btrfs }) => {
      await withGithub({}, async (github) => {
        const shop = await openWorkshop(btrfs, github);
        await shop.freeze('v1.0.0');
        demandDone(await shop.run('release', 'v1.0.0', '--to', STORE));
        demandDone(await shop.run('channel', 'set', 'stable', 'v1.0.0', '--to', STORE));

        const host = await targetHost(join(btrfs, 'host'), 'shop');
        const asHost = hostOn(host, nobody(github));
        const before = github.requests.length;
        demandDone(await asHost('prepare', '--key', shop.key, '--store', STORE, '--channel', 'stable'));
        demandDone(await asHost('deploy'));
        expect(await host.status()).toMatchObject({ active: { version: 'v1.0.0' } });
        const asked = github.requests.slice(before);
        expect(new Set(asked.map(({ place }) => place))).toEqual(new Set(['site', 'objects']));

        await writeFile(join(shop.recipe, 'core/share/page'), 'two\n');
        await shop.freeze('v1.1.0');
        // The full stream goes through; what comes then is refused, as with a token that has expired on the way.
        github.disturb('repos/upload-release-asset', ({ answer }) => answer(), ...refusals(12));
        const failed = await shop.run('release', 'v1.1.0', '--to', STORE);
        expect(failed).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('STORE_UNAUTHORISED') });
        expect(await asHost('list')).toMatchObject({ stdout: expect.not.stringContaining('v1.1.0') });
        github.mend();
        const uploads = () => github.requests.filter(({ place }) => place === 'repos/upload-release-asset').length;
        const sent = uploads();
        const resumed = await shop.run('release', 'v1.1.0', '--to', STORE);
        expect(resumed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('going on with it') });
        const [, release] = github.repository.releases;
        expect(release).toMatchObject({ tag: 'v1.1.0', draft: false });
        expect(uploads() - sent).toBe((release?.assets.length ?? 0) - 1);
        expect(demandDone(await shop.run('release', 'v1.1.0', '--to', STORE, '--dry-run'))).toContain('already');

        demandDone(await shop.run('channel', 'set', 'stable', 'v1.1.0', '--to', STORE));
        // Private now: without a token there is nothing, with one the host goes through the API.
        github.repository.isPrivate = true;
        expect(await asHost('upgrade')).toMatchObject({ exitCode: 7 });
        const config = `store: ${STORE}\nchannel: stable\n`;
        await writeFile(host.at('etc/goldstream/token'), `${github.readToken}\n`);
        await writeFile(host.layout.config, `${config}token: /etc/goldstream/token\n`);
        demandDone(await asHost('upgrade'));
        expect(await host.status()).toMatchObject({ active: { version: 'v1.1.0' } });
        expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'incremental from v1.0.0' });

        // Public again: a cache hands out the channel of before. It is asked again, after a while.
        github.repository.isPrivate = false;
        await writeFile(host.layout.config, config);
        github.stale.reads = 1;
        const listed = await asHost('list');
        expect(listed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('gave an old copy') });
      });
    },
  );
});

/** A builder with a pool, a key and the shop's recipe, that may write to the repository. */
async function openWorkshop(directory: string, github: GithubEmulator) {
  const [root, recipe, key] = [join(directory, 'builder'), join(directory, 'recipe'), join(directory, 'public.gpg')];
  const env = {
    ...github.env,
    GITHUB_TOKEN: github.token,
    GITHUB_TOKEN_FILE: '',
    GNUPGHOME: '',
    SOURCE_DATE_EPOCH: '',
  };
  const run = (...args: readonly string[]): Promise<Ended> =>
    BUILDER.run(['--root', root, '--recipe', recipe, ...args], { env });
  await writeShopRecipe(recipe);
  for (const args of [
    ['init', '--size', '512MiB'],
    ['keys', 'create'],
    ['keys', 'export', '--out', key],
  ]) {
    demandDone(await run(...args));
  }
  return {
    recipe,
    key,
    run,
    freeze: async (version: string) => {
      demandDone(await run('golden', 'update'));
      demandDone(await run('snapshot', version));
    },
  };
}

function hostOn(host: TargetHost, env: Readonly<Record<string, string>>) {
  return (...args: readonly string[]) => host.run(args, { env });
}

function refusals(count: number): githubFaults.Fault[] {
  return Array.from({ length: count }, () => githubFaults.says(403, 'Bad credentials'));
}
