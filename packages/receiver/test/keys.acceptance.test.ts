import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey, exportPublicKey, type GpgHome, systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { expectRefused } from './channel-host.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged } from './target-host.ts';

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
