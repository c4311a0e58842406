import { copyFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseVersion, rotateKeys } from '@goldstream/release';
import { makeCertificates, respond, withTunnel, withWebServer } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { expectRefused, expectRefusedBehindChannel, followStable } from './channel-host.ts';
import { demandDone } from './demand-done.ts';
import { daysFromNow, publisherOf } from './publisher.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost, targetHost } from './target-host.ts';

const V1_0 = parseVersion('v1.0.0');
const V1_1 = parseVersion('v1.1.0');
const V1_2 = parseVersion('v1.2.0');

describe('a host that follows a channel', () => {
  shopTest(
    'takes what the channel leads to: barrier by barrier, when its turn has come, back when that is signed',
    async ({ host, shop, temporaryDirectory }) => {
      const publisher = await publisherOf(shop, temporaryDirectory);
      await followStable(host, publisher.url);
      const calm = await publisher.channel({ current: V1_0 });
      await publisher.publish(calm);
      expect(await host.do('deploy')).toContain('v1.0.0 is active');

      const barriers = [{ version: V1_1, reason: 'moves the database' }];
      const waiting = { start: daysFromNow(0), seconds: 0, percentage: 0 };
      const next = { ...calm, sequence: 2, current: V1_2, barriers, rollout: waiting };
      await publisher.publish(next);
      const reasons = await reasonsOf(host);
      expect(reasons).toMatchObject({
        'v1.0.0': 'active',
        'v1.1.0': 'offered: a barrier before v1.2.0',
        'v1.2.0': 'needs barrier v1.1.0 first',
      });
      const behind = { exitCode: 8, code: 'DEPLOY_BEHIND_BARRIER', reason: /upgrade v1\.1\.0/ };
      const refused = await host.run(['upgrade', 'v1.2.0']);
      expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining(behind.code) });
      expect(refused.stderr).toMatch(behind.reason);
      expect(await host.do('upgrade')).toContain('v1.1.0 is active');

      const stays = await host.run(['upgrade']);
      expect(stays).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('waiting for rollout') });
      const gone = [{ version: parseVersion('v1.3.0'), reason: 'never worked' }];
      const releases = calm.releases.filter(({ version }) => version !== 'v1.3.0');
      await publisher.publish({ ...next, sequence: 3, releases, withdrawn: gone });
      expect(await reasonsOf(host)).toMatchObject({
        'v1.0.0': 'older than v1.1.0, which is active',
        'v1.1.0': 'active',
        'v1.2.0': 'waiting for rollout (no machine id, share 0.00 now)',
        'v1.3.0': 'withdrawn: never worked',
      });
      // People read the same.
      expect(await host.do('list')).toMatch(/v1\.3\.0 .*withdrawn: never worked\n.*v1\.2\.0 .*waiting for rollout/);
      // A rollout does not hold back what an operator names.
      expect(await host.do('upgrade', 'v1.2.0')).toContain('v1.2.0 is active');

      const downgrade = { from: V1_2, reason: 'v1.2.0 loses orders' };
      await publisher.publish({ ...calm, sequence: 4, current: V1_1, downgrade });
      const back = await host.run(['upgrade']);
      expect(back).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('v1.1.0 is active') });
      expect(back.stderr).toContain('loses orders');
      expect(await trustEventsOf(host)).toContainEqual(['downgrade', { channel: 'stable', from: V1_2, version: V1_1 }]);
    },
  );

  shopTest(
    'catches up over three rotations that it slept through; a new host begins with the keys of today',
    { timeout: 300_000 },
    async ({ btrfs, host, shop, temporaryDirectory }) => {
      const publisher = await publisherOf(shop, temporaryDirectory);
      await followStable(host, publisher.url);
      const calm = await publisher.channel();
      await publisher.publish(calm);
      await host.do('receive', 'v1.0.0');

      const a = publisher.key;
      const [b, c, d] = [await publisher.makeKey('b'), await publisher.makeKey('c'), await publisher.makeKey('d')];
      const first = await publisher.openKeys([a, b]);
      // Not before that was issued.
      const now = new Date();
      const second = rotateKeys(first, { now, reason: 'yearly', add: [await publisher.announce(c)], retire: [a] });
      const third = rotateKeys(second, {
        now,
        reason: 'laptop stolen',
        add: [await publisher.announce(d)],
        withdraw: [{ fingerprint: b, reason: 'stolen' }],
      });
      await publisher.publishKeys(first, [a]);
      await publisher.publishKeys(second, [b]);
      // By a new key too: a host that knows only that one enters the chain here.
      const keys = await publisher.publishKeys(third, [c, d]);
      await publisher.publish({ ...calm, sequence: 2, keys }, { by: [d] });

      // Its manifest is signed by the first key, which was retired since: the channel names it.
      await host.do('receive', 'v1.1.0');
      expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ signers: [d] });
      const names = await readdir(dirname(host.layout.keysRecord(1)));
      expect(names.filter((name) => name.endsWith('.json')).sort()).toEqual(['1.json', '2.json', '3.json']);
      expect(JSON.parse(await host.do('keys', 'list', '--json'))).toMatchObject({ number: 3, withdrawn: [b] });

      expect((await trustEventsOf(host)).filter(([event]) => event.startsWith('key'))).toEqual([
        ['keys-changed', { number: 1 }],
        ['key-added', { fingerprint: b }],
        ['keys-changed', { number: 2 }],
        ['key-added', { fingerprint: c }],
        ['key-retired', { fingerprint: a }],
        ['keys-changed', { number: 3 }],
        ['key-added', { fingerprint: d }],
        ['key-withdrawn', { fingerprint: b }],
      ]);

      const fresh = await targetHost(join(btrfs, 'fresh'), shop.application);
      await fresh.do('prepare', '--key', await publisher.exportKey(d), '--store', publisher.url, '--channel', 'stable');
      await fresh.do('receive', 'v1.0.0');

      await publisher.publish({ ...calm, sequence: 3, keys }, { by: [b] });
      await expectRefused(fresh, ['deploy'], { exitCode: 5, code: 'RELEASE_UNTRUSTED' });
    },
  );

  shopTest('is led back from a wrong huge sequence by a new epoch', async ({ host, shop, temporaryDirectory }) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    await followStable(host, publisher.url);
    const calm = await publisher.channel();
    await publisher.publish({ ...calm, sequence: 1_000_000 });
    await host.do('receive', 'v1.0.0');
    await publisher.publish({ ...calm, sequence: 7 });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_ROLLBACK' });

    const keys = await publisher.publishKeys(await publisher.openKeys([publisher.key]), [publisher.key]);
    await publisher.publish({ ...calm, keys, epoch: 1, sequence: 1 });
    await host.do('receive', 'v1.1.0');
    expect(await trustEventsOf(host)).toContainEqual(['new-epoch', { channel: 'stable', from: 0, to: 1 }]);
  });

  shopTest('needs neither store nor channel for what it has fetched', async ({ host, shop, temporaryDirectory }) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    await followStable(host, publisher.url);
    const calm = await publisher.channel();
    await publisher.publish(calm);
    await host.do('fetch', 'v1.0.0');
    await publisher.publish({ ...calm, sequence: 2, issued: daysFromNow(-40), expires: daysFromNow(-10) });
    const received = await host.run(['receive', 'v1.0.0']);
    expect(received).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/expired.*fetched before/) });
  });

  shopTest(
    'trusts a web server by the authority that is configured, and goes by proxy and redirects; tells once that one is not encrypted',
    async ({ host, shop, temporaryDirectory }) => {
      const publisher = await publisherOf(shop, temporaryDirectory);
      await publisher.publish(await publisher.channel());
      await withWebServer({}, async (server) => {
        server.serve('/*', respond.directory(publisher.at));
        await followStable(host, server.url);
        const { exitCode, stderr } = await host.run(['receive', 'v1.0.0']);
        expect({ exitCode, warned: stderr.match(/not encrypted/g)?.length }).toEqual({ exitCode: 0, warned: 1 });
      });
      const { caFile, server: certificate } = await makeCertificates(temporaryDirectory);
      await withWebServer({ certificate }, async (server) => {
        server.serve('/*', respond.directory(publisher.at));
        await followStable(host, server.url);
        await expectRefused(host, ['receive', 'v1.1.0'], { exitCode: 7, code: 'STORE_TLS_FAILED' });
        const inside = '/etc/goldstream/ca.pem';
        await copyFile(caFile, host.at(inside));
        await followStable(host, server.url, `ca: ${inside}\n`);
        await host.do('receive', 'v1.1.0');
        const { channel } = JSON.parse(await host.do('list', '--json')) as { channel: unknown };
        expect(channel).toMatchObject({ name: 'stable', sequence: 1 });

        // Through the proxy of the environment, and after redirects; a circle of them is left.
        const asset = '/v1.3.0/shop-v1.3.0.full.btrfs.zst.part000';
        server.serve(asset, respond.redirect(asset));
        const circle = { exitCode: 7, code: 'STORE_BAD_REDIRECT', reason: /more than 5 times/ };
        await expectRefusedBehindChannel(host, ['receive', 'v1.3.0'], circle);
        server.serve('/elsewhere', (request, response) => {
          request.url = asset;
          respond.directory(publisher.at)(request, response);
        });
        server.serve(asset, respond.redirect('/elsewhere'));
        await withTunnel(async ({ url, targets }) => {
          const through = { env: { https_proxy: url, no_proxy: '' } };
          demandDone(await host.run(['receive', 'v1.3.0'], through));
          expect(new Set(targets)).toEqual(new Set([new URL(server.url).host]));
        });
      });
    },
  );

  shopTest('says with --dry-run the same, and learns nothing', async ({ host, shop, temporaryDirectory }) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    await followStable(host, publisher.url);
    const keys = await publisher.publishKeys(await publisher.openKeys([publisher.key]), [publisher.key]);
    await publisher.publish({ ...(await publisher.channel()), keys });
    const said = await expectHostUnchanged(host, () => host.do('deploy', '--dry-run'));
    expect(said).toContain('v1.3.0');
    await expectHostUnchanged(host, () => host.do('list'));
  });
});

async function reasonsOf(host: TargetHost): Promise<Record<string, string | undefined>> {
  const { versions } = JSON.parse(await host.do('list', '--json')) as {
    versions: { version: string; channel: { reason: string } | null }[];
  };
  return Object.fromEntries(versions.map(({ version, channel }) => [version, channel?.reason]));
}

/** What the trail tells of keys and channels. */
async function trustEventsOf(host: TargetHost): Promise<(readonly [string, unknown])[]> {
  const { entries } = JSON.parse(await host.do('audit', 'show', '--json')) as {
    entries: { event: string; subject: unknown }[];
  };
  return entries.map(({ event, subject }) => [event, subject] as const);
}
