import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest, expectUnchanged } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { DeltaReport } from '../src/index.ts';
import { makeRunningWorkshop, makeWorkshop, type Workshop } from './workshop.ts';

const BLOCK = 4096;

/** What `--json` prints, as far as it is looked at. */
interface Told {
  readonly result: { readonly deltas: readonly DeltaReport[] };
}

describe('the delta doctor of goldstream-builder send', () => {
  btrfsTest('finds nothing where golden was updated by golden update', async ({ btrfs }) => {
    const data = randomBytes(64 * BLOCK);
    const shop = await shopWith(btrfs, data);
    await shop.write('stage-1/data', Buffer.concat([data.fill(7, 9 * BLOCK, 10 * BLOCK), randomBytes(10)]));
    await freeze(shop, 'v1.2.0');

    const { stdout, stderr } = await shop.run(['send', 'v1.2.0', '--parent', 'v1.1.0', '--json']);
    const { result } = JSON.parse(stdout) as Told;

    expect(result.deltas).toMatchObject([
      {
        version: 'v1.2.0',
        parent: { version: 'v1.1.0' },
        wastedBytes: 0,
        files: [{ path: 'stage-1/data' }],
        advice: [],
      },
    ]);
    expect(result.deltas[0]?.sentBytes).toBeLessThanOrEqual(2 * BLOCK);
    expect(stderr).toMatch(/v1\.2\.0 from v1\.1\.0 sends .* of file contents, nothing that the parent holds/);
  });

  btrfsTest(
    'finds what was written to golden past golden update, says what to do, and records it',
    async ({ btrfs }) => {
      const shop = await shopWith(btrfs, randomBytes(64 * BLOCK));
      const [data, program] = ['data', 'bin/shop'].map((path) => join(shop.layout.golden, 'stage-1', path)) as [
        string,
        string,
      ];
      const bytes = await readFile(data);
      await writeFile(data, bytes);
      // As package managers and rsync do.
      await writeFile(`${program}.new`, await readFile(program), { mode: 0o755 });
      await rename(`${program}.new`, program);
      await freeze(shop, 'v1.2.0');

      const { stdout, stderr } = await shop.run(['send', 'v1.2.0', '-p', 'v1.1.0', '--json']);

      const { result } = JSON.parse(stdout) as Told;
      expect(result.deltas[0]).toMatchObject({
        wastedFiles: 2,
        wastedBytes: bytes.length + (await readFile(program)).length,
        files: [
          { path: 'stage-1/data', manner: 'rewritten', isUnchanged: true },
          { path: 'stage-1/bin/shop', manner: 'replaced', isUnchanged: true },
        ],
        advice: [{ cause: 'rewritten', files: 1, examples: ['stage-1/data'] }, { cause: 'replaced' }],
      });
      expect(stderr).toMatch(/the parent holds 256\.0 KiB of them, 99\.\d % of the stream/);
      expect(stderr).toMatch(/stage-1\/data \(rewritten, unchanged\)/);
      expect(stderr).toMatch(/Let only goldstream-builder golden update write to golden/);
      const record = await readFile(shop.layout.deltaReport('v1.2.0', 'v1.1.0'), 'utf8');
      expect(JSON.parse(record)).toEqual(result.deltas[0]);
    },
  );

  btrfsTest('looks once, and again when its report is gone', async ({ btrfs }) => {
    const shop = await shopWith(btrfs, randomBytes(BLOCK));
    await freeze(shop, 'v1.2.0');
    const send = ['send', 'v1.2.0', '--parent', 'v1.1.0'];
    await shop.do(...send);
    expect(await stepsOf(shop, send)).toEqual([]);
    await rm(shop.layout.deltaReport('v1.2.0', 'v1.1.0'));
    expect(await stepsOf(shop, send)).toEqual(['examine-delta']);
  });
});

describe('the budget for incrementals', () => {
  btrfsTest('given as --max-delta keeps a release from being published', async ({ btrfs }) => {
    const shop = await shopWith(btrfs, randomBytes(256 * BLOCK), 'budget: 100MB\n');
    await shop.do('release', 'v1.1.0');
    await rewriteGolden(shop);
    await freeze(shop, 'v1.2.0');
    const release = ['release', 'v1.2.0', '--max-delta', '100kB'];
    expect(await shop.do(...release, '--dry-run')).toContain('check that no incremental exceeds 97.7 KiB\n');

    const refused = await expectUnchanged(shop.store, () => shop.run(release));

    expect(refused.exitCode).toBe(8);
    expect(refused.stderr).toMatch(
      /BUILDER_OVER_BUDGET: the incremental from v1\.1\.0 has 10\d{5} bytes .* allowed are 100000 bytes/,
    );
    expect(refused.stderr).toMatch(/the parent holds 1\.0 MiB of what it sends; most is in stage-1\/data \(1\.0 MiB\)/);
    expect(refused.stderr).toMatch(/hint: Let only goldstream-builder golden update write to golden/);
    // What was made stays to be looked at; nothing of it is signed.
    expect((await readdir(shop.layout.assets('v1.2.0'))).sort()).toEqual([
      'shop-v1.2.0.from-v1.1.0.btrfs.zst',
      'shop-v1.2.0.full.btrfs.zst',
    ]);
    // It is not made again, and not forgotten.
    expect((await stepsOf(shop, release))[0]).toBe('check-budget');
    expect(await expectUnchanged(shop.store, () => shop.run(release))).toMatchObject({ exitCode: 8 });
    // The recipe's own budget allows it.
    await rm(shop.layout.deltaReport('v1.2.0', 'v1.1.0'));
    const done = JSON.parse(await shop.do('release', 'v1.2.0', '--json')) as Told;
    expect(done.result.deltas).toMatchObject([{ parent: { version: 'v1.1.0' }, wastedBytes: 256 * BLOCK }]);
  });

  btrfsTest('is that of golden.yaml unless --max-delta stands before it', async ({ btrfs }) => {
    const shop = await shopWith(btrfs, randomBytes(256 * BLOCK), 'budget: 100kB\n');
    await rewriteGolden(shop);
    await freeze(shop, 'v1.2.0');
    const send = ['send', 'v1.2.0', '--parent', 'v1.1.0'];
    for (const _ of ['made now', 'made before']) {
      expect(await shop.run(send)).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining('BUILDER_OVER_BUDGET'),
      });
    }
    expect(await shop.run([...send, '--max-delta', '99KiB'])).toMatchObject({ exitCode: 8 });
    expect(await shop.run([...send, '--max-delta', '2MB'])).toMatchObject({ exitCode: 0 });
    // A full stream is not held against it.
    expect(await shop.run(['send', 'v1.2.0'])).toMatchObject({ exitCode: 0 });
  });

  btrfsTest('must be a size', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    expect(await shop.run(['release', 'v1.1.0', '--max-delta', 'much'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--max-delta: "much" was given, expected a size'),
    });
  });
});

/** A running workshop with these bytes as `data` in v1.1.0. */
async function shopWith(btrfs: string, data: Uint8Array, settings?: string): Promise<Workshop> {
  const shop = await makeRunningWorkshop(btrfs, settings);
  await shop.write('stage-1/data', data);
  await freeze(shop, 'v1.1.0');
  return shop;
}

async function freeze(shop: Workshop, version: string): Promise<void> {
  await shop.do('golden', 'update');
  await shop.do('snapshot', version);
}

/** Writes golden's `data` anew with what it holds. */
async function rewriteGolden(shop: Workshop): Promise<void> {
  const path = join(shop.layout.golden, 'stage-1/data');
  const bytes = await readFile(path);
  await using file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, 0);
}

async function stepsOf(shop: Workshop, args: readonly string[]): Promise<readonly string[]> {
  const { steps } = JSON.parse(await shop.do(...args, '--dry-run', '--json')) as { steps: { kind: string }[] };
  return steps.map(({ kind }) => kind);
}
