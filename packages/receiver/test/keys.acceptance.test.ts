import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keysFileName, manifestName, renderManifest, rotateKeys } from '@goldstream/release';
import { createKey, exportPublicKey, type GpgHome, systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { expectRefused, followStable } from './channel-host.ts';
import { manifestFrom } from './copied-store.ts';
import { publisherOf } from './publisher.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord } from './target-host.ts';

describe('keys', () => {
  shopTest(
    'are added when they can sign, and believed until they are removed',
    async ({ host, shop, temporaryDirectory }) => {
      const { keys } = JSON.parse(await host.do('keys', 'list', '--json')) as { keys: { fingerprint: string }[] };
      const [{ fingerprint: first } = { fingerprint: '' }] = keys;
      const home: GpgHome = { kind: 'ours', path: join(temporaryDirectory, 'gnupg') };
      const file = join(temporaryDirectory, 'other.asc');
      const { fingerprint: other } = await createKey(systemRunner, home, 'Other <other@example.org>', '1y');
      await exportPublicKey(systemRunner, home, other, { armor: true, to: file });

      const few = { exitCode: 8, code: 'TRUST_TOO_FEW_KEYS' };
      await expectRefused(host, ['keys', 'remove', first], few);
      await expectHostUnchanged(host, () => host.do('keys', 'add', file, '--dry-run'));
      expect(await host.do('keys', 'add', file)).toContain(other);
      await host.do('receive', 'v1.0.0');

      await expectHostUnchanged(host, () => host.do('keys', 'remove', first.slice(-16), '--dry-run'));
      await host.do('keys', 'remove', first.slice(-16));
      const untrusted = { exitCode: 5, code: 'RELEASE_UNTRUSTED', reason: /not in the keyring/ };
      await expectRefused(host, ['receive', 'v1.1.0'], untrusted);
      // Also when somebody puts it back behind the program.
      await copyFile(shop.key, host.layout.keyring);
      await expectRefused(host, ['receive', 'v1.1.0'], { ...untrusted, reason: /was withdrawn/ });
      expect(JSON.parse(await host.do('keys', 'list', '--json'))).toMatchObject({
        number: 0,
        keys: [{ fingerprint: first, counts: false, because: 'withdrawn' }],
        withdrawn: [first],
      });
    },
  );

  shopTest(
    'are needed as many as the threshold says, on manifest, channel and keys document',
    async ({ host, shop, temporaryDirectory }) => {
      const publisher = await publisherOf(shop, temporaryDirectory);
      const { key: first, url } = publisher;
      const second = await publisher.makeKey('second');
      const both = [first, second];
      await host.do('keys', 'add', await publisher.exportKey(second));
      const missing = { exitCode: 5, code: 'RELEASE_UNTRUSTED', reason: /1 of 2 needed signatures count/ };

      // Manifests, on a host without a channel.
      await writeFile(host.layout.config, `store: ${url}\nthreshold: 2\n`);
      await expectRefused(host, ['receive', 'v1.0.0'], missing);
      await publisher.signRelease('v1.0.0', [second]);
      await expectRefused(host, ['receive', 'v1.0.0'], missing);
      await publisher.signRelease('v1.0.0', [first, first]);
      await expectRefused(host, ['receive', 'v1.0.0'], missing);
      await publisher.signRelease('v1.0.0', both);
      await host.do('receive', 'v1.0.0');
      expect((await receivedRecord(host, 'v1.0.0')).signers.toSorted()).toEqual(both.toSorted());

      // A channel, which names manifests whoever signed them.
      await followStable(host, url, 'threshold: 2\n');
      const channel = await publisher.channel();
      for (const by of [[first], [second]]) {
        await publisher.publish(channel, { by });
        await expectRefused(host, ['receive', 'v1.1.0'], missing);
      }
      await publisher.publish(channel, { by: both });
      await host.do('receive', 'v1.1.0');

      // What the keys themselves demand counts where the operator asks for less.
      await followStable(host, url);
      const document = { ...(await publisher.openKeys(both)), threshold: 2 };
      const keys = await publisher.publishKeys(document, both);
      await publisher.publish({ ...channel, keys, sequence: 2 }, { by: both });
      await host.do('receive', 'v1.2.0');
      await publisher.publish({ ...channel, keys, sequence: 3 });
      await expectRefused(host, ['receive', 'v1.3.0'], missing);
      // And one of them alone cannot change that.
      const next = rotateKeys(document, { now: new Date(), reason: 'one is enough', threshold: 1 });
      await publisher.publishKeys(next, [first]);
      await expectRefused(host, ['receive', 'v1.3.0'], missing);
    },
  );

  shopTest(
    'are announced in a release, where no channel is: what a new key signs is believed after that',
    async ({ host, shop, temporaryDirectory }) => {
      const publisher = await publisherOf(shop, temporaryDirectory);
      const { key: old, at, url } = publisher;
      const next = await publisher.makeKey('next');
      await writeFile(host.layout.config, `store: ${url}\n`);
      await publisher.signRelease('v1.1.0', [next]);
      await expectRefused(host, ['receive', 'v1.1.0'], { exitCode: 5, code: 'RELEASE_UNTRUSTED' });

      const keys = await publisher.publishKeys(await publisher.openKeys([old, next]), [old]);
      for (const version of ['v1.0.0', 'v1.1.0']) {
        const manifest = await manifestFrom(at, version);
        await writeFile(
          join(at, version, manifestName('shop', manifest.version)),
          renderManifest({ ...manifest, keys }),
        );
      }
      await publisher.signRelease('v1.0.0', [old]);
      await publisher.signRelease('v1.1.0', [next]);
      // A mirror that hides the document is found out by the release that names it.
      const document = join(at, keysFileName('shop', 1));
      await rename(document, `${document}.hidden`);
      await expectRefused(host, ['receive', 'v1.0.0'], { exitCode: 5, code: 'RELEASE_KEYS_MISSING' });
      await rename(`${document}.hidden`, document);
      await host.do('receive', 'v1.0.0');
      await host.do('receive', 'v1.1.0');
      expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ signers: [next] });
      expect(JSON.parse(await host.do('keys', 'list', '--json'))).toMatchObject({ number: 1 });
    },
  );

  shopTest('that are too short are refused with the reason', async ({ host, temporaryDirectory }) => {
    const home = join(temporaryDirectory, 'gnupg');
    const file = join(temporaryDirectory, 'short.gpg');
    await mkdir(home, { mode: 0o700 });
    const gpg = ['gpg', '--homedir', home, '--batch', '--quiet', '--passphrase', ''] as const;
    try {
      await systemRunner.run([...gpg, '--quick-generate-key', 'Short <short@example.org>', 'rsa1024', 'sign', '1y']);
      await systemRunner.run([...gpg, '--output', file, '--export', 'short@example.org']);
    } finally {
      await systemRunner.run(['gpgconf', '--homedir', home, '--kill', 'all']);
    }
    await expectRefused(host, ['keys', 'add', file], { exitCode: 5, code: 'TRUST_UNFIT_KEY', reason: /2048 bits/ });
  });
});
