import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import { showSubvolume, snapshotSubvolume, syncFilesystem, unmount } from '@goldstream/system';
import { btrfsTest, directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { layoutOf } from '../src/host/layout.ts';
import { writeIntent } from '../src/state/store-intent.ts';
import { writePins } from '../src/state/store-records.ts';
import { gatherStatus } from '../src/status/facts.ts';
import { tellStatus } from '../src/status/tell-status.ts';
import { verifyHost } from '../src/verify/verify-host.ts';
import { type PreparedHost, withPreparedHost } from './prepared-host.ts';
import { setReadOnly } from './set-read-only.ts';

describe('status', () => {
  btrfsTest('tells of a host where nothing is deployed yet', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { pool, ...rest } = await statusOf(host);
      expect(pool.free).toBeGreaterThan(0);
      expect(rest).toEqual({
        application: 'app',
        active: null,
        previous: null,
        onTrial: null,
        others: [],
        versions: [],
        pins: [],
        blocked: [],
        attention: [],
        audit: null,
        trust: { channel: null, keys: 0 },
      });
    });
  });

  btrfsTest('tells what runs and what is here, and that nobody signed it', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await twoDeployments(host);
      await host.deploy({ number: 3, version: 'v1.0.0', state: 'staged' });
      await writePins(host.tools.layout, ['v1.0.0']);
      expect(await statusOf(host)).toMatchObject({
        active: { number: 2, version: 'v2.0.0', state: 'good', mounted: true },
        previous: { number: 1, version: 'v1.0.0' },
        others: [{ number: 3, state: 'staged' }],
        versions: [
          { version: 'v2.0.0', how: 'full', pinned: false, drift: null, deep: null },
          { version: 'v1.0.0', pinned: true, drift: null, deep: null },
        ],
        attention: [
          expect.stringMatching(/^v1\.0\.0 was taken without/),
          expect.stringMatching(/^v2\.0\.0 was taken without/),
        ],
      });
    });
  });

  btrfsTest('names everything that somebody should look at', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, runner } = host.tools;
      await twoDeployments(host);
      await unmount(runner, layout.deployment(2).root);
      const [version, incoming] = ['v3.0.0', '.incoming-0123456789abcdef'] as const;
      const since = new Date('2026-11-22T04:00:00Z');
      await writeIntent(layout, { kind: 'receiving', version, incoming, newestIdBefore: 1 }, since);
      await mkdir(layout.incoming(incoming));
      await host.receive('v0.9.0');
      await rm(layout.versionRecord('v0.9.0'));
      const gone: Version = 'v0.8.0';
      await host.receive(gone);
      await runner.run(['btrfs', 'subvolume', 'delete', layout.version(gone)]);
      for (const left of [join(layout.overlay, '0009'), join(layout.live, '0009')]) await mkdir(left);

      const { attention } = await statusOf(host);

      expect(attention.map((line) => line.replaceAll(layout.pool, 'POOL'))).toMatchInlineSnapshot(`
        [
          "v3.0.0 is being received since 2026-11-22T04:00:00.000Z, or that was interrupted: goldstream-receiver recover",
          "the active deployment 0002 (v2.0.0) is not mounted: goldstream-receiver mount",
          "v0.8.0 is recorded as received and is not in POOL/deploy",
          "v1.0.0 was taken without a signature: nothing proves what is in it",
          "v2.0.0 was taken without a signature: nothing proves what is in it",
          "POOL/deploy/v0.9.0 has no record: received by hand, or left over",
          "POOL/overlay/0009 belongs to no deployment",
          "POOL/live/0009 belongs to no deployment",
        ]
      `);
    });
  });

  btrfsTest(
    'tells the last deep verification, and which versions are not what was received, however it was done',
    async ({ btrfs }) => {
      await withPreparedHost(btrfs, async (host) => {
        const { tools } = host;
        const { layout, runner } = tools;
        const record = await host.receive('v1.0.0');
        for (const version of ['v2.0.0', 'v3.0.0', 'v4.0.0'] as const) await host.receive(version);
        await verifyHost(tools, { version: 'v1.0.0', deep: true });
        // As a parent: its generation moves, its ctransid does not.
        const child = join(layout.pool, 'child');
        await snapshotSubvolume(runner, layout.version('v1.0.0'), child);
        await writeFile(join(child, 'bin/tool'), 'of the child');
        await syncFilesystem(runner, layout.pool);
        const { generation } = await showSubvolume(runner, layout.version('v1.0.0'));
        expect(generation).toBeGreaterThan(record.hostCtransid);
        // By the ioctl alone, which keeps the received UUID; by somebody who is still at it; and put in its place.
        await setReadOnly(layout.version('v2.0.0'), 'false');
        await writeFile(join(layout.version('v2.0.0'), 'bin/tool'), 'tampered with');
        await setReadOnly(layout.version('v2.0.0'), 'true');
        await setReadOnly(layout.version('v3.0.0'), 'false');
        await rename(layout.version('v4.0.0'), join(layout.deploy, 'v4.0.0-old'));
        await snapshotSubvolume(runner, child, layout.version('v4.0.0'), { readonly: true });

        const { versions, attention } = await statusOf(host);

        expect(Object.fromEntries(versions.map(({ version, drift, deep }) => [version, { drift, deep }]))).toEqual({
          'v4.0.0': { drift: expect.stringMatching(/^is subvolume .*, expected /), deep: null },
          'v3.0.0': { drift: 'is writable, expected read-only', deep: null },
          'v2.0.0': { drift: expect.stringMatching(/^was changed on this host: its ctransid is /), deep: null },
          'v1.0.0': {
            drift: null,
            deep: { at: expect.stringMatching(/Z$/), ok: true, contentDigest: record.contentDigest },
          },
        });
        for (const version of ['v2.0.0', 'v3.0.0', 'v4.0.0']) {
          expect(attention).toContainEqual(
            expect.stringMatching(new RegExp(`^${version} is NOT what was received: .*repair ${version}$`)),
          );
        }
      });
    },
  );

  directoryTest('says of a host that was not prepared that it is not', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    // Nothing else is looked at before that.
    const tools = { layout } as unknown as PreparedHost['tools'];
    await expect(gatherStatus(tools)).rejects.toMatchObject({ code: 'HOST_NOT_PREPARED', exitCode: 3 });
  });
});

async function twoDeployments({ receive, deploy }: PreparedHost): Promise<void> {
  await receive('v1.0.0');
  await receive('v2.0.0');
  await deploy({ number: 1, version: 'v1.0.0', state: 'good' });
  await deploy({ number: 2, version: 'v2.0.0', state: 'good', previous: 1, active: true });
}

async function statusOf({ tools }: PreparedHost) {
  return tellStatus(await gatherStatus(tools));
}
