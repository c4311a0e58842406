import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '@goldstream/release';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, expectUnchanged, withBtrfs } from '@goldstream/testing';
import { contentDigest } from '@goldstream/tree';
import { describe, expect } from 'vitest';
import { layoutOf } from '../src/layout.ts';
import { makeRunningWorkshop, type Workshop } from './workshop.ts';

const runner = systemRunner;
const MIB = 1024 * 1024;

describe('goldstream-builder rehydrate', () => {
  btrfsTest(
    'lets builders that hold nothing go on from published releases, one after the other, and every host follows',
    async ({ btrfs }) => {
      const shop = await makeRunningWorkshop(btrfs, 'parents: 2\n');
      await shop.write('stage-1/data', randomBytes(MIB));
      await cut(shop, 'v1.1.0');
      await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.2.0\n');
      await cut(shop, 'v1.2.0');

      for (const [version, latest] of [
        ['v1.3.0', 'v1.2.0'],
        ['v1.4.0', 'v1.3.0'],
      ] as const) {
        await withBtrfs({}, async (elsewhere) => {
          const fresh = await freshBuilder(shop, elsewhere);
          expect(await fresh.do('rehydrate')).toContain(`${fresh.layout.snapshot(latest)} is ${latest} of`);
          expect(await readdir(fresh.layout.snapshots)).toHaveLength(2);
          await shop.write('stage-1/bin/shop', `#!/bin/sh\necho ${version}\n`);
          await cut(fresh, version);
        });
        // What did not change is shared with the parent, also on a builder that never made it.
        expect((await streamOf(shop, latest, version)).rawBytes).toBeLessThan(64 * 1024);
      }

      await withBtrfs({}, async (host) => {
        await receiveByHand(shop, 'v1.1.0', 'full', host);
        for (const [parent, version] of [
          ['v1.1.0', 'v1.2.0'],
          ['v1.2.0', 'v1.3.0'],
          ['v1.3.0', 'v1.4.0'],
        ] as const) {
          await receiveByHand(shop, version, `from-${parent}`, host);
        }
        const { snapshot } = await manifestOf(shop, 'v1.4.0');
        expect((await contentDigest(join(host, 'v1.4.0'), { runner })).digest).toBe(snapshot.contentDigest);
      });
    },
  );

  btrfsTest('leaves nothing of a release whose bytes are wrong', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await shop.do('release', 'v1.0.0');
    await truncate(join(shop.store, 'v1.0.0', 'shop-v1.0.0.full.btrfs.zst'), 100);
    await withBtrfs({}, async (elsewhere) => {
      const fresh = await freshBuilder(shop, elsewhere);
      await expectUnchanged(fresh.layout.snapshots, async () => {
        expect(await fresh.run(['rehydrate'])).toMatchObject({
          exitCode: 5,
          stderr: expect.stringContaining('v1.0.0'),
        });
      });
      expect(await readdir(fresh.layout.golden)).toEqual([]);
    });
  });
});

/** Another builder of the same releases, with an empty pool and the same key. */
async function freshBuilder(shop: Workshop, directory: string): Promise<Workshop> {
  const root = join(directory, 'root');
  const layout = layoutOf(root, 'shop');
  await mkdir(root);
  const run: Workshop['run'] = (args, options) => shop.run(['--root', root, ...args], options);
  const fresh: Workshop = {
    ...shop,
    directory,
    layout,
    run,
    do: async (...args) => {
      const { exitCode, stdout, stderr } = await run(args);
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout;
    },
  };
  await fresh.do('init');
  await cp(shop.layout.gnupg, layout.gnupg, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSocket(),
  });
  return fresh;
}

async function cut(shop: Workshop, version: string): Promise<void> {
  await shop.do('golden', 'update');
  await shop.do('snapshot', version);
  await shop.do('release', version);
}

async function manifestOf(shop: Workshop, version: string) {
  return parseManifest(await readFile(join(shop.store, version, `shop-${version}.manifest.json`)));
}

async function streamOf(shop: Workshop, parent: string, version: string) {
  const { streams } = await manifestOf(shop, version);
  const found = streams.find((stream) => stream.kind === 'incremental' && stream.parent.version === parent);
  if (found === undefined) throw new Error(`${version} offers nothing from ${parent}`);
  return found;
}

async function receiveByHand(shop: Workshop, version: string, which: string, host: string): Promise<void> {
  const asset = join(shop.store, version, `shop-${version}.${which}.btrfs.zst`);
  const raw = join(host, `${version}.raw`);
  await runner.run(['zstd', '--decompress', '--quiet', '-o', raw, asset]);
  await runner.run(['btrfs', 'receive', '--quiet', '-f', raw, host]);
}
