import { mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetDigester, type AssetEntry, fullAssetNames, renderManifest, signatureName } from '@goldstream/release';
import { cli, directoryTest, type GithubEmulator, LONG_RUN, withGithub } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { Publication } from '../src/index.ts';
import { MANIFEST, manifestOf, ONE } from './github-fixtures.ts';
import { APPLICATION } from './release-files.ts';

const GIB = 1024 ** 3;
/** What a builder's default of 1.9 GiB a part makes of a stream beyond 2 GiB. */
const PARTS = [Math.floor(1.9 * GIB), Math.floor(0.3 * GIB)];
const MEMORY_LIMIT = 200e6;
const program = cli(fileURLToPath(new URL('publish-and-fetch-main.ts', import.meta.url)));

describe('a stream of more than 2 GiB', () => {
  directoryTest.runIf(LONG_RUN)(
    'is published on GitHub and fetched from there, with no more memory than a small one',
    async ({ temporaryDirectory }) => {
      await withGithub({}, async (github) => {
        const publication = await makeLarge(temporaryDirectory);
        const file = join(temporaryDirectory, 'publication.json');
        await writeFile(file, JSON.stringify(publication));
        expect(await memoryOf(github, { GITHUB_TOKEN: github.token }, 'publish', file)).toBeLessThan(MEMORY_LIMIT);
        expect(github.repository.releases[0]?.assets.map(({ size }) => size)).toEqual(expect.arrayContaining(PARTS));

        const cache = join(temporaryDirectory, 'cache');
        expect(await memoryOf(github, {}, 'fetch', 'v1.3.0', cache)).toBeLessThan(MEMORY_LIMIT);
        for (const [part, { name }] of publication.assets.entries()) {
          expect((await stat(join(cache, 'v1.3.0', name))).size).toBe(PARTS[part]);
        }
      });
    },
  );
});

async function memoryOf({ env }: GithubEmulator, more: object, ...args: readonly string[]): Promise<number> {
  const { exitCode, stdout, stderr } = await program.run(args, {
    env: { ...env, GITHUB_TOKEN: '', GH_TOKEN: '', ...more },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return Number(stdout);
}

/** Zeros that take no place on disk: what is measured does not look at them. */
async function makeLarge(directory: string): Promise<Publication> {
  const from = join(directory, 'built');
  await mkdir(from);
  const at = (name: string) => ({ name, path: join(from, name) });
  const entries: AssetEntry[] = [];
  for (const [part, name] of fullAssetNames(APPLICATION, 'v1.3.0', PARTS.length).entries()) {
    const bytes = PARTS[part] ?? 0;
    await writeFile(at(name).path, '');
    await truncate(at(name).path, bytes);
    entries.push({ name, ...digestOfZeros(bytes) });
  }
  await writeFile(at(MANIFEST).path, renderManifest(manifestOf('v1.3.0', ONE, entries)));
  await writeFile(at(signatureName(MANIFEST)).path, 'a signature');
  return {
    version: 'v1.3.0',
    assets: entries.map(({ name }) => at(name)),
    manifest: at(MANIFEST),
    signature: at(signatureName(MANIFEST)),
  };
}

function digestOfZeros(bytes: number) {
  const digester = new AssetDigester();
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  for (let left = bytes; left > 0; left -= zeros.length)
    digester.update(zeros.subarray(0, Math.min(left, zeros.length)));
  return digester.digest();
}
