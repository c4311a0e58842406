import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectUnchanged } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { type Publisher, publisherTest } from './publisher.ts';

const EXPIRY = /expires +\d{4}-\d\d-\d\dT[\d:]+Z \(in (29|30) days\)/;

describe('goldstream-builder channel', () => {
  publisherTest('goes through the life of a channel', async ({ publisher }) => {
    const key = await publisher.makeKey('alice');
    for (const version of ['v1.0.0', 'v1.1.0', 'v1.2.0'] as const) await publisher.publish(version, key);
    const to = ['--to', publisher.storeUrl];

    const rehearsed = await expectUnchanged(publisher.store, () =>
      publisher.do('channel', 'set', 'edge', 'v1.0.0', ...to, '--dry-run'),
    );
    expect(rehearsed).toContain('note: current release: v1.0.0');
    expect(await publisher.do('channel', 'set', 'edge', 'v1.0.0', ...to)).toMatch(EXPIRY);
    await publisher.do('channel', 'set', 'edge', 'v1.1.0', ...to, '--barrier', 'moves the database');
    await publisher.do('channel', 'set', 'edge', 'v1.2.0', ...to, '--rollout', '20%', '--over', '48h');
    const started = { start: '2026-12-01T00:00:00Z', seconds: 172_800, percentage: 20 };
    await publisher.do(
      'channel',
      'set',
      'edge',
      'v1.2.0',
      ...to,
      '--rollout',
      '20',
      '--over',
      '2d',
      '--start',
      started.start,
    );
    expect(await shown(publisher, 'edge')).toMatchObject({
      channel: {
        sequence: 4,
        current: 'v1.2.0',
        rollout: started,
        releases: [{ version: 'v1.0.0' }, { version: 'v1.1.0' }, { version: 'v1.2.0' }],
        barriers: [{ version: 'v1.1.0', reason: 'moves the database' }],
      },
      signers: [key],
      expiresSoon: false,
    });

    await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);
    await publisher.do('channel', 'promote', 'edge', 'stable', ...to, '--days', '10');
    expect(await shown(publisher, 'stable')).toMatchObject({
      channel: { sequence: 2, current: 'v1.2.0', barriers: [{ version: 'v1.1.0' }] },
    });
    const refused = await publisher.run(['channel', 'withdraw', 'stable', 'v1.2.0', '--reason', 'bad', ...to]);
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('RELEASE_CHANNEL_CONFLICT') });
    await publisher.do('channel', 'set', 'stable', 'v1.1.0', ...to, '--downgrade', 'v1.2.0 loses settings');
    await publisher.do('channel', 'withdraw', 'stable', 'v1.2.0', '--reason', 'loses settings', ...to);
    expect(await publisher.do('channel', 'show', 'stable', '--from', publisher.storeUrl)).toContain(
      'withdrawn  v1.2.0: loses settings\n',
    );

    const idle = await expectUnchanged(publisher.store, () =>
      publisher.run(['channel', 'sign', 'stable', ...to, '--if-within', '10d']),
    );
    expect(idle).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    await publisher.do('channel', 'sign', 'stable', ...to, '--if-within', '31d');
    expect(await shown(publisher, 'stable')).toMatchObject({ channel: { sequence: 5 } });
    expect((await readdir(publisher.store)).sort()).toEqual([
      'shop-edge.channel',
      'shop-stable.channel',
      'v1.0.0',
      'v1.1.0',
      'v1.2.0',
    ]);
  });

  publisherTest('names only what is in the store and signed by us', async ({ publisher }) => {
    const key = await publisher.makeKey('alice');
    await publisher.publish('v1.0.0', key);
    const eve = await publisher.makeKey('eve');
    await publisher.publish('v1.1.0', eve);
    const set = (version: string) =>
      publisher.run(
        ['channel', 'set', 'stable', version, '--to', publisher.storeUrl, '--key', key, '--signing-key', '-'],
        {
          input: alice,
        },
      );
    const alice = await publisher.gpg('--armor', '--export-secret-keys', key);
    await expectUnchanged(publisher.store, async () => {
      expect(await set('v1.1.0')).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RELEASE_UNTRUSTED') });
      expect(await set('v1.2.0')).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining('STORE_VERSION_MISSING'),
      });
    });
    expect(await set('v1.0.0')).toMatchObject({ exitCode: 0 });
  });

  publisherTest(
    'takes no edit on a channel that somebody else changed, but a new start in a new epoch',
    async ({ publisher }) => {
      const key = await publisher.makeKey('alice');
      await publisher.publish('v1.0.0', key);
      const to = ['--to', publisher.storeUrl];
      await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);
      const file = join(publisher.store, 'shop-stable.channel');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"sequence": 1', '"sequence": 9'));

      await expectUnchanged(publisher.store, async () => {
        for (const args of [
          ['sign', 'stable'],
          ['set', 'stable', 'v1.0.0'],
          ['withdraw', 'stable', 'v1.0.0', '--reason', 'x'],
        ]) {
          expect(await publisher.run(['channel', ...args, ...to])).toMatchObject({
            exitCode: 5,
            stderr: expect.stringContaining('BUILDER_CHANNEL_UNTRUSTED'),
          });
        }
        expect(await publisher.run(['channel', 'show', 'stable', '--from', publisher.storeUrl])).toMatchObject({
          exitCode: 5,
        });
        const early = await publisher.run(['channel', 'set', 'stable', 'v1.0.0', '--new-epoch', ...to]);
        expect(early).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('keys rotate') });
      });
      await publisher.do('keys', 'rotate', '--reason', 'first', ...to);
      await publisher.do('channel', 'set', 'stable', 'v1.0.0', '--new-epoch', ...to);
      expect(await shown(publisher, 'stable')).toMatchObject({
        channel: { epoch: 1, sequence: 1, keys: { number: 1 } },
      });
    },
  );

  publisherTest('lets one of two publishers win who began with the same channel', async ({ publisher }) => {
    const key = await publisher.makeKey('alice');
    await publisher.publish('v1.0.0', key);
    await publisher.publish('v1.1.0', key);
    const to = ['--to', publisher.storeUrl];
    await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);

    const both = await Promise.all([1, 2].map(() => publisher.run(['channel', 'sign', 'stable', ...to])));
    const won = both.filter(({ exitCode }) => exitCode === 0).length;
    expect(won).toBeGreaterThan(0);
    for (const { exitCode, stderr } of both) {
      if (exitCode !== 0)
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 7,
          stderr: expect.stringContaining('STORE_DOCUMENT_CHANGED'),
        });
    }
    // Nothing that was told to be published is lost.
    expect(await shown(publisher, 'stable')).toMatchObject({ channel: { sequence: 1 + won } });
  });
});

async function shown(publisher: Publisher, channel: string): Promise<unknown> {
  return JSON.parse(await publisher.do('channel', 'show', channel, '--from', publisher.storeUrl, '--json'));
}
