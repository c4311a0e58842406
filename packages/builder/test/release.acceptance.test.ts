import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodedBytes, parseManifest, type ReleaseManifest } from '@goldstream/release';
import { showSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest, expectUnchanged } from '@goldstream/testing';
import { contentDigest } from '@goldstream/tree';
import { describe, expect } from 'vitest';
import { makeRunningWorkshop, type Workshop } from './workshop.ts';

const runner = systemRunner;
const MIB = 1024 * 1024;

describe('goldstream-builder release', () => {
  btrfsTest('goes the whole way from a recipe to streams that plain tools take', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await shop.do('release', 'v1.0.0');
    await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.1.0\n');
    await shop.write('stage-1/data', randomBytes(MIB));
    await cutVersion(shop, 'v1.1.0');
    await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.2.0\n');
    await cutVersion(shop, 'v1.2.0');

    expect(await readdir(join(shop.store, 'v1.2.0')).then((names) => names.sort())).toEqual([
      'SHA256SUMS',
      'SHA256SUMS.asc',
      'shop-v1.2.0.changes.json',
      'shop-v1.2.0.changes.md',
      'shop-v1.2.0.from-v1.1.0.btrfs.zst',
      'shop-v1.2.0.full.btrfs.zst',
      'shop-v1.2.0.manifest.json',
      'shop-v1.2.0.manifest.json.asc',
    ]);
    await believesByHand(shop, 'v1.2.0');

    const target = join(btrfs, 'target');
    await mkdir(target);
    await receiveByHand(shop, 'v1.1.0', 'full', target);
    await receiveByHand(shop, 'v1.2.0', 'from-v1.1.0', target);
    const { snapshot, components } = await manifestOf(shop, 'v1.2.0');
    expect(await contentDigest(join(target, 'v1.2.0'), { runner })).toMatchObject({
      digest: snapshot.contentDigest,
      bytes: snapshot.bytes,
      files: snapshot.files,
    });
    expect(await showSubvolume(runner, join(target, 'v1.2.0'))).toMatchObject({
      receivedUuid: snapshot.uuid,
      sendTransid: snapshot.transid,
    });
    expect(components).toEqual([{ name: 'shop-core', version: '1.0.0', stage: 1 }]);
  });

  btrfsTest(
    'offers incrementals from the last releases while they are small, and says what it leaves out',
    async ({ btrfs }) => {
      const shop = await makeRunningWorkshop(btrfs, 'parents: 2\n');
      await shop.do('release', 'v1.0.0');
      // v1.0.0 had next to nothing: from there it is not worth it.
      await shop.write('stage-1/data', randomBytes(MIB));
      await cutVersion(shop, 'v1.1.0');
      await shop.write('stage-1/more', 'x');
      await shop.do('golden', 'update');
      await shop.do('snapshot', 'v1.2.0');

      const { stderr } = await shop.run(['release', 'v1.2.0']);

      expect(stderr).toMatch(/not offered: from v1\.0\.0, .* is not below 60 % of the full one/);
      const { streams } = await manifestOf(shop, 'v1.2.0');
      expect(streams.map((stream) => (stream.kind === 'full' ? 'full' : stream.parent))).toEqual([
        'full',
        { version: 'v1.1.0', uuid: (await manifestOf(shop, 'v1.1.0')).snapshot.uuid },
      ]);
    },
  );

  btrfsTest(
    'makes next to nothing of a golden that did not change, and little of one changed block',
    async ({ btrfs }) => {
      const shop = await makeRunningWorkshop(btrfs);
      const data = randomBytes(8 * MIB);
      await shop.write('stage-1/data', data);
      await cutVersion(shop, 'v1.1.0');
      await cutVersion(shop, 'v1.2.0');
      await shop.write('stage-1/data', data.fill(0, 5 * MIB, 5 * MIB + 4096));
      await cutVersion(shop, 'v1.3.0');
      expect(await rawBytesFrom(shop, 'v1.1.0', 'v1.2.0')).toBeLessThan(64 * 1024);
      expect(await rawBytesFrom(shop, 'v1.2.0', 'v1.3.0')).toBeLessThan(128 * 1024);
    },
  );

  btrfsTest('cuts what is larger than a part; the parts together are the stream', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs, 'partSize: 300KiB\n');
    await shop.write('stage-1/data', randomBytes(MIB));
    await cutVersion(shop, 'v1.1.0');
    const { streams, snapshot } = await manifestOf(shop, 'v1.1.0');
    const [full] = streams;
    expect(full?.assets.map(({ name }) => name)).toEqual(
      [0, 1, 2, 3].map((part) => `shop-v1.1.0.full.btrfs.zst.part00${part}`),
    );
    expect(full?.assets.slice(0, 3).map(({ bytes }) => bytes)).toEqual([307_200, 307_200, 307_200]);
    await believesByHand(shop, 'v1.1.0');

    const target = join(btrfs, 'target');
    await mkdir(target);
    const raw = await receiveByHand(shop, 'v1.1.0', 'full', target);
    expect(full).toMatchObject({ rawBytes: raw.length, rawSha256: createHash('sha256').update(raw).digest('hex') });
    expect((await showSubvolume(runner, join(target, 'v1.1.0'))).receivedUuid).toBe(snapshot.uuid);
  });

  btrfsTest('has nothing to do the second time, and nothing that changed', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    const epoch = { env: { SOURCE_DATE_EPOCH: '1700000000' } };
    expect(await shop.run(['release', 'v1.0.0'], epoch)).toMatchObject({ exitCode: 0 });
    expect((await manifestOf(shop, 'v1.0.0')).created).toBe('2023-11-14T22:13:20Z');

    const again = await expectUnchanged(shop.store, () => shop.run(['release', 'v1.0.0']));

    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    // Also when another run comes in between and the streams are gone from here.
    expect(await shop.run(['release', 'v1.0.0', '--full-only'])).toMatchObject({ exitCode: 0 });
  });

  btrfsTest('changes nothing with --dry-run, and then does what it said', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    const said = await expectUnchanged(shop.store, () => shop.do('release', 'v1.0.0', '--dry-run', '--json'));
    const { steps } = JSON.parse(said) as { steps: { kind: string; says: string }[] };
    expect(steps.map(({ kind }) => kind)).toEqual(['send-stream', 'write-manifest', 'publish']);
    const done = JSON.parse(await shop.do('release', 'v1.0.0', '--json')) as { steps: { says: string }[] };
    expect(done.steps.map(({ says }) => says)).toEqual(steps.map(({ says }) => says));
  });

  btrfsTest('does not trust a parent that somebody else signed', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await shop.do('release', 'v1.0.0');
    const manifest = join(shop.store, 'v1.0.0/shop-v1.0.0.manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"x86_64"', '"x86_65"'));
    await shop.write('stage-1/more', 'x');
    await shop.do('golden', 'update');
    await shop.do('snapshot', 'v1.1.0');

    const { exitCode, stderr } = await shop.run(['release', 'v1.1.0', '--dry-run', '--json']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect((await shop.run(['release', 'v1.1.0', '--dry-run'])).stdout).toMatch(
      /no incremental from v1\.0\.0: RELEASE_UNTRUSTED/,
    );
    const named = await shop.run(['release', 'v1.1.0', '--parent', 'v1.0.0']);
    expect(named).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('BUILDER_PARENT_UNKNOWN') });
  });

  btrfsTest('stops at the budget, before anything is published', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs, 'budget: 100kB\n');
    await shop.do('release', 'v1.0.0');
    await shop.write('stage-1/data', randomBytes(MIB));
    await shop.do('golden', 'update');
    await shop.do('snapshot', 'v1.1.0');
    const refused = await shop.run(['release', 'v1.1.0']);
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('BUILDER_OVER_BUDGET') });
    expect(await readdir(shop.store)).toEqual(['v1.0.0']);
  });
});

async function cutVersion(shop: Workshop, version: string): Promise<void> {
  await shop.do('golden', 'update');
  await shop.do('snapshot', version);
  await shop.do('release', version);
}

async function manifestOf(shop: Workshop, version: string): Promise<ReleaseManifest> {
  return parseManifest(await readFile(join(shop.store, version, `shop-${version}.manifest.json`)));
}

async function rawBytesFrom(shop: Workshop, parent: string, version: string): Promise<number | undefined> {
  const { streams } = await manifestOf(shop, version);
  return streams.find((stream) => stream.kind === 'incremental' && stream.parent.version === parent)?.rawBytes;
}

/** What a person without this program does to check a release: both signatures, then every file. */
async function believesByHand(shop: Workshop, version: string): Promise<void> {
  const keyring = join(shop.directory, 'shop.gpg');
  await shop.do('keys', 'export', '--out', keyring);
  const cwd = join(shop.store, version);
  for (const name of ['SHA256SUMS', `shop-${version}.manifest.json`]) {
    await runner.run(['gpgv', '--keyring', keyring, `${name}.asc`, name], { cwd });
  }
  const { stdout } = await runner.run(['sha256sum', '--check', 'SHA256SUMS'], { cwd });
  // Everything is covered but the digests themselves and the signatures.
  const covered = (await readdir(cwd)).filter((name) => name !== 'SHA256SUMS' && !name.endsWith('.asc'));
  expect(stdout.trim().split('\n').sort()).toEqual(covered.map((name) => `${name}: OK`).sort());
  const { streams } = await manifestOf(shop, version);
  for (const stream of streams) expect(encodedBytes(stream)).toBeGreaterThan(0);
}

/** `zstd -dc … | btrfs receive`, through a file so that the raw bytes can be looked at. */
async function receiveByHand(shop: Workshop, version: string, which: string, target: string): Promise<Buffer> {
  const names = (await readdir(join(shop.store, version)))
    .filter((name) => name.includes(`.${which}.btrfs.zst`))
    .sort();
  const whole = join(shop.directory, `${version}.${which}.zst`);
  await writeFile(
    whole,
    Buffer.concat(await Promise.all(names.map((name) => readFile(join(shop.store, version, name))))),
  );
  const raw = `${whole}.raw`;
  await runner.run(['zstd', '--decompress', '--quiet', '-o', raw, whole]);
  await runner.run(['btrfs', 'receive', '--quiet', '-f', raw, target]);
  return readFile(raw);
}
