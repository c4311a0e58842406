import { parseVersion } from '@goldstream/release';
import { respond, withWebServer } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { attackTest } from './attack-test.ts';
import { expectRefused, expectRefusedBehindChannel, followStable } from './channel-host.ts';
import { clockAt, hurry } from './other-clocks.ts';
import { daysFromNow } from './publisher.ts';
import { receivedRecord } from './target-host.ts';

const KEYS = '/shop.keys.1';
const CHANNEL = '/shop-stable.channel';
const MANIFEST = '/v1.0.0/shop-v1.0.0.manifest.json';
const ASSET = '/v1.0.0/shop-v1.0.0.full.btrfs.zst';

describe('a host gives up on a server', () => {
  attackTest(
    'that never answers, stops in the middle, or sends one byte at a time (slow loris)',
    async ({ host, publisher, honest: _, temporaryDirectory }) => {
      await withWebServer({}, async (server) => {
        await followStable(host, server.url);
        const refuse = async (path: string, how: respond.Responder, by: 'silence' | 'pace', reason: RegExp) => {
          const { env, from } = hurry(temporaryDirectory, by);
          server.serve('/*', respond.directory(publisher.at));
          // How large it is, it says as it should.
          const honest = respond.directory(publisher.at);
          server.serve(path, (request, response) =>
            (request.method === 'HEAD' ? honest : from(how))(request, response),
          );
          const unreachable = { exitCode: 7, code: 'STORE_UNREACHABLE', reason };
          const expectIt = path === KEYS || path === CHANNEL ? expectRefused : expectRefusedBehindChannel;
          await expectIt(host, ['receive', 'v1.0.0'], unreachable, { env });
          server.serve(path, respond.directory(publisher.at));
        };
        const silent = respond.silent(() => {});
        const held = respond.held(4000, 'x', () => {});
        const loris = respond.trickling(1024 ** 2, 20);
        await refuse(KEYS, silent, 'silence', /shop\.keys\.1 sent nothing for 30 s; tried 6 times/);
        await refuse(CHANNEL, held, 'silence', /stable\.channel sent nothing for 30 s; tried 6 times/);
        await refuse(
          MANIFEST,
          loris,
          'pace',
          /manifest\.json sent \d+ bytes in 60 s, expected at least .*; tried 6 times/,
        );
        await refuse(ASSET, loris, 'pace', /btrfs\.zst sent \d+ bytes in 60 s, expected at least .*; tried 6 times/);
        await refuse(ASSET, silent, 'silence', /btrfs\.zst sent nothing for 30 s; tried 6 times/);
        await host.do('receive', 'v1.0.0');
      });
    },
  );
});

describe('a clock that is wrong', () => {
  attackTest(
    'makes nothing good again that had expired, and harms nobody once it is right',
    async ({ host, publisher, honest }) => {
      const expired = { exitCode: 5, code: 'RELEASE_CHANNEL_EXPIRED' };
      const old = { issued: daysFromNow(-40), expires: daysFromNow(-10) };
      const then = { env: clockAt(daysFromNow(-20)) };

      // It was good twenty days ago, which is when this host saw it.
      await publisher.publish({ ...honest, ...old, sequence: 6 });
      expect(await host.run(['receive', 'v1.0.0'], then)).toMatchObject({ exitCode: 0 });
      await expectRefused(host, ['receive', 'v1.1.0'], expired);
      // Far ahead: everything has expired, and nothing of that time is kept.
      await publisher.publish({ ...honest, sequence: 7 });
      await expectRefused(host, ['receive', 'v1.1.0'], expired, { env: clockAt(daysFromNow(100)) });
      await host.do('receive', 'v1.1.0');

      // Set back to when it would be good, or never set at all: the time that this host has seen counts.
      await publisher.publish({ ...honest, ...old, sequence: 8 });
      await expectRefused(host, ['receive', 'v1.2.0'], expired, then);
      await expectRefused(host, ['receive', 'v1.2.0'], expired, { env: clockAt('1970-01-01T00:00:00Z') });
      // And so do the sequence and the release.
      await publisher.publish({ ...honest, ...old, sequence: 6 });
      await expectRefused(host, ['receive', 'v1.2.0'], { exitCode: 5, code: 'RELEASE_CHANNEL_ROLLBACK' }, then);
      const back = { ...honest, sequence: 9, current: parseVersion('v1.2.0') };
      await publisher.publish(back);
      await expectRefused(host, ['receive', 'v1.2.0'], { exitCode: 5, code: 'RELEASE_DOWNGRADE' }, then);

      // What is good is taken all the same, and the trail tells of the clock.
      await publisher.publish({ ...honest, sequence: 10 });
      const unset = { env: clockAt('1970-01-01T00:00:00Z') };
      expect(await host.run(['receive', 'v1.2.0'], unset)).toMatchObject({ exitCode: 0 });
      expect(await receivedRecord(host, 'v1.2.0')).toMatchObject({ at: expect.stringMatching(/^1970/) });
      const { entries } = JSON.parse(await host.do('audit', 'show', '--json')) as { entries: { event: string }[] };
      expect(entries.map(({ event }) => event)).toContain('clock-behind');
      expect((await host.run(['status'], unset)).stdout).toContain('sequence 10, expires');
    },
  );

  attackTest(
    'by far, on a host that knows nothing yet, is answered by what is signed',
    async ({ host, publisher, honest }) => {
      // From before any document could be: the channel itself says when it was issued, and its end counts from there.
      expect(await host.run(['receive', 'v1.0.0'], { env: clockAt('1970-01-01T00:00:00Z') })).toMatchObject({
        exitCode: 0,
      });
      // Days behind, as no honest channel is issued in the future.
      await publisher.publish({ ...honest, sequence: 6, issued: daysFromNow(5), expires: daysFromNow(35) });
      await expectRefused(host, ['receive', 'v1.1.0'], {
        exitCode: 5,
        code: 'RELEASE_CHANNEL_FROM_FUTURE',
        reason: /clock/,
      });
    },
  );
});
