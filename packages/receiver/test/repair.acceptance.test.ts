import { createReadStream } from 'node:fs';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { flipBitUnder } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { Verification } from '../src/verify/check.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost } from './target-host.ts';

describe('a bit that flipped on disk', () => {
  shopTest('is found by verify --deep, and healed by repair', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    const { uuid, subvolumeUuid } = await receivedRecord(host, 'v1.0.0');
    await rot(host, 'v1.0.0');

    const { exitCode, wrong } = await verifyDeep(host, 'v1.0.0');
    expect({ exitCode, wrong }).toEqual({ exitCode: 5, wrong: [expect.stringMatching(/content .*EIO/)] });
    // `status` says so from now on, and no stream builds on it although its ctransid is the recorded one.
    const { versions, attention } = await host.status();
    expect(versions).toMatchObject([{ drift: null, deep: { ok: false, contentDigest: null } }]);
    expect(attention).toEqual([expect.stringMatching(/^v1\.0\.0 failed verify --deep at .*EIO.*repair v1\.0\.0$/)]);
    expect(await host.do('receive', 'v1.1.0', '--dry-run')).toContain('full stream');
    // The whole listing cannot be compared: it reads every file, and one cannot be read.
    const plan = await host.do('repair', 'v1.0.0', '--dry-run', '--json');
    expect(JSON.parse(plan)).toMatchObject({ notes: [expect.stringContaining('EIO')] });
    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({ subvolumeUuid });
    expect(await namesIn(host)).toEqual(['v1.0.0']);

    await host.do('repair', 'v1.0.0');
    expect(await verifyDeep(host, 'v1.0.0')).toEqual({ exitCode: 0, wrong: [] });
    const record = await receivedRecord(host, 'v1.0.0');
    expect(record).toMatchObject({ uuid, how: 'full, repaired' });
    expect(record.subvolumeUuid).not.toBe(subvolumeUuid);
    expect((await host.status()).attention).toEqual([]);
    expect(await namesIn(host)).toEqual(['v1.0.0']);
    // A stream of a later version builds on the fresh copy.
    await host.do('receive', 'v1.1.0');
    expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'incremental from v1.0.0' });
  });

  shopTest('under the active version is healed by a new deployment of it', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await writeFile(join(host.layout.deployment(1).root, 'mine'), 'an edit');
    await rot(host, 'v1.0.0');
    expect(await verifyDeep(host)).toMatchObject({ exitCode: 5 });

    await host.do('repair', 'v1.0.0');
    expect((await host.status()).active).toMatchObject({ version: 'v1.0.0', number: 2 });
    expect(await verifyDeep(host)).toEqual({ exitCode: 0, wrong: [] });
    const { root } = host.layout.deployment(2);
    expect(await readFile(join(root, 'core/data'))).toHaveLength(1024 * 1024);
    expect(await readFile(join(root, 'mine'), 'utf8')).toBe('an edit');
    expect(await namesIn(host)).toEqual(['v1.0.0']);
    // It goes on from there as ever.
    await host.do('upgrade', 'v1.0.0', 'v1.1.0');
    await host.do('rollback');
    expect((await host.status()).active).toMatchObject({ version: 'v1.0.0' });
  });

  shopTest('keeps the damaged copy while somebody still works on it', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await rot(host, 'v1.0.0');
    const running = await open(join(host.layout.deployment(1).root, 'core/bin/shop'));
    try {
      const { exitCode, stderr } = await host.run(['repair', 'v1.0.0']);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/kept: .*in use/) });
      expect(await running.readFile('utf8')).toContain('echo 1.0.0');
      expect(await namesIn(host)).toEqual([expect.stringMatching(/^\.damaged-v1\.0\.0-0002-/), 'v1.0.0']);
    } finally {
      await running.close();
    }
    // Nothing is received again: only what is left goes.
    await host.do('repair', 'v1.0.0');
    expect(await namesIn(host)).toEqual(['v1.0.0']);
    expect((await host.status()).active).toMatchObject({ number: 2 });
  });
});

describe('repair', () => {
  shopTest('heals what somebody edited, and what somebody deleted', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    const path = host.layout.version('v1.0.0');
    const set = (value: string) => systemRunner.run(['btrfs', 'property', 'set', '-f', path, 'ro', value]);
    await set('false');
    await writeFile(join(path, 'core/bin/shop'), 'edited');
    await set('true');
    expect(await verifyDeep(host)).toMatchObject({ exitCode: 5 });
    await host.do('repair', 'v1.0.0');
    expect(await verifyDeep(host)).toEqual({ exitCode: 0, wrong: [] });

    await systemRunner.run(['btrfs', 'subvolume', 'delete', path]);
    await host.do('repair', 'v1.0.0');
    expect(await verifyDeep(host)).toEqual({ exitCode: 0, wrong: [] });
    expect(await namesIn(host)).toEqual(['v1.0.0']);
  });

  shopTest('leaves alone what is as it was released, and refuses what was never here', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    const plan = await expectHostUnchanged(host, () => host.do('repair', 'v1.0.0', '--dry-run', '--json'));
    expect(JSON.parse(plan)).toMatchObject({ steps: [] });
    await host.do('repair', 'v1.0.0');
    const unknown = await expectHostUnchanged(host, () => host.run(['repair', 'v1.1.0']));
    expect(unknown).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('DEPLOY_NO_SUCH_VERSION') });
  });
});

/** Flips a bit of the largest file of a version, and makes sure that it cannot be read any more. */
async function rot(host: TargetHost, version: 'v1.0.0'): Promise<void> {
  const file = join(host.layout.version(version), 'core/data');
  await flipBitUnder(file, 100_000);
  const read = async () => {
    for await (const _ of createReadStream(file));
  };
  await expect(read()).rejects.toMatchObject({ code: 'EIO' });
}

async function verifyDeep(host: TargetHost, ...version: readonly string[]) {
  const { exitCode, stdout } = await host.run(['verify', ...version, '--deep', '--json']);
  // `verify --json` prints exactly this document.
  const { checks } = JSON.parse(stdout) as Verification;
  const wrong = checks.filter(({ acceptable }) => !acceptable).map(({ aspect, says }) => `${aspect} ${says}`);
  return { exitCode, wrong };
}

async function namesIn({ layout }: TargetHost): Promise<readonly string[]> {
  return (await readdir(layout.deploy)).toSorted();
}
