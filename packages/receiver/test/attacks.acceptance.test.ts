import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelFileName, parseVersion, renderChannel, rotateKeys } from '@goldstream/release';
import { respond, withWebServer } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { attackTest } from './attack-test.ts';
import { expectRefused, expectRefusedBehindChannel, followStable } from './channel-host.ts';
import { daysFromNow, strangerSigns } from './publisher.ts';

/** https://theupdateframework.github.io/specification/latest/#goals-to-protect-against-specific-attacks */
describe('a host withstands', () => {
  attackTest('arbitrary installation: a channel that somebody else signed', async ({ host, publisher, honest }) => {
    const file = join(publisher.at, channelFileName('shop', 'stable'));
    await writeFile(file, await strangerSigns(renderChannel({ ...honest, sequence: 6 })));
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_UNTRUSTED', reason: /not in the keyring/ });
    await expectRefused(host, ['receive', 'v1.0.0'], { exitCode: 5, code: 'RELEASE_UNTRUSTED' });
  });

  attackTest('arbitrary installation: text around a signed channel', async ({ host, publisher, honest }) => {
    const file = join(publisher.at, channelFileName('shop', 'stable'));
    const signed = await readFile(file);
    await writeFile(file, Buffer.concat([Buffer.from(renderChannel({ ...honest, sequence: 6 })), signed]));
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'GPG_NOT_CLEAR_SIGNED' });
  });

  attackTest(
    'endless data: in the place of keys, channel, manifest and stream',
    async ({ host, publisher, honest: _ }) => {
      await withWebServer({}, async (server) => {
        await followStable(host, server.url);
        const endless = { exitCode: 5, code: 'STORE_LENGTH_MISMATCH' };
        const manifest = '/v1.0.0/shop-v1.0.0.manifest.json';
        server.serve('/*', respond.directory(publisher.at));
        server.serve(manifest, respond.endless());
        await expectRefusedBehindChannel(host, ['receive', 'v1.0.0'], endless);
        server.serve(manifest, respond.directory(publisher.at));
        server.serve('/v1.0.0/shop-v1.0.0.full.btrfs.zst', (request, response) => {
          const isAsked = request.method === 'HEAD';
          (isAsked ? respond.directory(publisher.at) : respond.endless())(request, response);
        });
        // The chunk that it begins with is not the signed one already.
        const forged = { exitCode: 5, code: 'STORE_DIGEST_MISMATCH' };
        await expectRefusedBehindChannel(host, ['receive', 'v1.0.0'], forged);
        server.serve('/shop-stable.channel', respond.endless());
        await expectRefused(host, ['receive', 'v1.0.0'], endless);
        server.serve('/shop.keys.1', respond.endless());
        await expectRefused(host, ['receive', 'v1.0.0'], endless);
      });
    },
  );

  attackTest('endless data: a keys document of every number', async ({ host, publisher, honest: _ }) => {
    await withWebServer({}, async (server) => {
      await followStable(host, server.url);
      server.serve('/*', (request, response) => {
        const isKeys = request.url?.startsWith('/shop.keys.');
        (isKeys ? respond.file('no signature\n') : respond.directory(publisher.at))(request, response);
      });
      await expectRefused(host, ['deploy'], { exitCode: 5, code: 'TRUST_KEYS_ENDLESS' });
      expect(server.requests.filter(({ path }) => path.startsWith('/shop.keys.')).length).toBeLessThan(200);
    });
  });

  attackTest('fast-forward: a signed sequence beyond all reason', async ({ host, publisher, honest }) => {
    await publisher.publish({ ...honest, sequence: 2_000_000_000 });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_FAST_FORWARD', reason: /new epoch/ });
    await publisher.publish({ ...honest, issued: daysFromNow(3) });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_FROM_FUTURE' });
  });

  attackTest('indefinite freeze: an expired channel brings nothing new', async ({ host, publisher, honest }) => {
    await host.do('deploy', 'v1.0.0');
    await host.do('receive', 'v1.1.0');
    await publisher.publish({ ...honest, issued: daysFromNow(-40), expires: daysFromNow(-10), sequence: 6 });
    const expired = { exitCode: 5, code: 'RELEASE_CHANNEL_EXPIRED', reason: /expired at/ };
    await expectRefused(host, ['upgrade'], expired);
    await expectRefused(host, ['receive', 'v1.2.0'], expired);
    // What was verified before stays usable.
    expect(await host.do('upgrade', 'v1.1.0')).toContain('v1.1.0 is active');
    expect(await host.do('rollback')).toContain('v1.0.0 is active');
  });

  attackTest('rollback: a channel from before, and an older release', async ({ host, publisher, honest }) => {
    await host.do('receive', 'v1.0.0');
    await publisher.publish({ ...honest, sequence: 4 });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_ROLLBACK', reason: /older than/ });
    await publisher.publish({ ...honest, current: parseVersion('v1.2.0') });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_EQUIVOCATION' });
    await publisher.publish({ ...honest, sequence: 6, current: parseVersion('v1.2.0') });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_DOWNGRADE', reason: /signed downgrade/ });
  });

  attackTest('malicious mirror: missing, stale and mixed answers', async ({ host, publisher, honest }) => {
    await withWebServer({}, async (server) => {
      await followStable(host, server.url);
      server.serve('/*', respond.directory(publisher.at));
      await host.do('receive', 'v1.0.0');
      const stale = await readFile(join(publisher.at, 'shop-stable.channel'));
      await publisher.publish({ ...honest, sequence: 6 });
      await host.do('receive', 'v1.1.0');

      server.serve('/shop-stable.channel', respond.file(stale));
      await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_CHANNEL_ROLLBACK' });
      server.serve('/shop-stable.channel', respond.status(404));
      await expectRefused(host, ['deploy'], { exitCode: 7, code: 'STORE_DOCUMENT_MISSING', reason: /channel set/ });
      server.serve('/shop-stable.channel', respond.directory(publisher.at));
      for (const end of ['', '.asc']) server.serve(`/v1.3.0/shop-v1.3.0.manifest.json${end}`, respond.status(404));
      await expectRefusedBehindChannel(host, ['deploy'], { exitCode: 7, code: 'STORE_VERSION_MISSING' });
    });
  });

  attackTest('mix-and-match: a signed manifest that the channel does not name', async ({ host, publisher, honest }) => {
    const { version, manifestSha256 } = honest.releases[1] ?? { version: 'v1.1.0', manifestSha256: '' };
    expect(version).toBe('v1.1.0');
    for (const end of ['', '.asc']) {
      await copyFile(
        join(publisher.at, `v1.2.0/shop-v1.2.0.manifest.json${end}`),
        join(publisher.at, `v1.1.0/shop-v1.1.0.manifest.json${end}`),
      );
    }
    const named = { exitCode: 5, code: 'RELEASE_NOT_NAMED', reason: new RegExp(manifestSha256) };
    await expectRefusedBehindChannel(host, ['receive', 'v1.1.0'], named);
    // Signed and whole, and no longer offered.
    await publisher.publish({ ...honest, sequence: 6, releases: honest.releases.slice(2) });
    const silent = { exitCode: 5, code: 'RELEASE_NOT_NAMED', reason: /does not offer it/ };
    await expectRefusedBehindChannel(host, ['receive', 'v1.0.0'], silent);
    const gone = { version: parseVersion('v1.0.0'), reason: 'loses orders' };
    await publisher.publish({ ...honest, sequence: 7, releases: honest.releases.slice(2), withdrawn: [gone] });
    const withdrawn = { exitCode: 5, code: 'RELEASE_WITHDRAWN', reason: /loses orders/ };
    await expectRefusedBehindChannel(host, ['receive', 'v1.0.0'], withdrawn);
  });

  attackTest('key compromise: what a withdrawn key signs', async ({ host, publisher, honest }) => {
    const other = await publisher.makeKey('other');
    const first = await publisher.openKeys([publisher.key, other]);
    await publisher.publishKeys(first, [publisher.key]);
    const second = rotateKeys(first, {
      now: new Date(),
      reason: 'laptop stolen',
      withdraw: [{ fingerprint: publisher.key, reason: 'stolen' }],
    });
    const keys = await publisher.publishKeys(second, [other]);
    await publisher.publish({ ...honest, keys, sequence: 6 }, { by: [other] });
    await host.do('receive', 'v1.0.0');

    await publisher.publish({ ...honest, keys, sequence: 7 });
    const untrusted = { exitCode: 5, code: 'RELEASE_UNTRUSTED' };
    await expectRefused(host, ['deploy'], untrusted);
    const third = rotateKeys(second, { now: new Date(), reason: 'the thief', threshold: 1 });
    await publisher.publishKeys(third, [publisher.key]);
    await publisher.publish({ ...honest, keys, sequence: 7 }, { by: [other] });
    await expectRefused(host, ['deploy'], untrusted);
    // Who hides the withdrawal is found out by the channel that names it.
    for (const number of [2, 3]) await rm(join(publisher.at, `shop.keys.${number}`));
    await publisher.publish({ ...honest, keys: { number: 3, sha256: '0'.repeat(64) }, sequence: 8 }, { by: [other] });
    await expectRefused(host, ['deploy'], { exitCode: 5, code: 'RELEASE_KEYS_MISSING' });
  });

  attackTest('wrong software: the signed channel or release of another', async ({ host, publisher, honest }) => {
    const mismatch = { exitCode: 5, code: 'RELEASE_CHANNEL_MISMATCH' };
    await publisher.publish({ ...honest, application: 'shop-test' }, { as: 'stable' });
    await expectRefused(host, ['deploy'], { ...mismatch, reason: /channel stable of shop-test/ });
    await publisher.publish({ ...honest, channel: 'edge' }, { as: 'stable' });
    await expectRefused(host, ['deploy'], { ...mismatch, reason: /channel edge of shop/ });

    // Without a channel, the manifest itself says what it is about.
    await writeFile(host.layout.config, `store: ${publisher.url}\n`);
    for (const end of ['', '.asc']) {
      await copyFile(
        join(publisher.at, `v1.2.0/shop-v1.2.0.manifest.json${end}`),
        join(publisher.at, `v1.1.0/shop-v1.1.0.manifest.json${end}`),
      );
    }
    await expectRefused(host, ['receive', 'v1.1.0'], { exitCode: 5, code: 'TRANSFER_WRONG_RELEASE' });
  });
});
