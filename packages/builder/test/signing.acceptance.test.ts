import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, expectUnchanged, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { publisherTest } from './publisher.ts';
import { makeWorkshop } from './workshop.ts';

const PASSPHRASE = 'correct horse battery staple';

describe('signing for one run, as CI does', () => {
  publisherTest(
    'takes key and passphrase from files that no argument holds, and leaves no trace',
    async ({ publisher }) => {
      const { store, storeUrl } = publisher;
      const key = await publisher.makeKey('alice');
      await publisher.publish('v1.0.0', key);
      const secret = await lock(publisher.gnupg, key);
      const homes = await homesInMemory();
      const set = async (passphrase: string) => {
        await writeFile(join(publisher.directory, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
        await using file = await open(join(publisher.directory, 'passphrase'));
        const given = ['--signing-key', '-', '--passphrase-fd', '3'];
        return publisher.run([...given, 'channel', 'set', 'stable', 'v1.0.0', '--to', storeUrl, '--json'], {
          input: secret,
          descriptors: [file.fd],
          env: { GNUPGHOME: join(publisher.directory, 'none') },
        });
      };
      await expectUnchanged(store, async () => {
        const wrong = await set('wrong guess');
        expect(wrong).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('Bad passphrase') });
        expect(wrong.stdout + wrong.stderr).not.toMatch(/wrong guess|PRIVATE KEY/);
      });
      const right = await set(PASSPHRASE);
      expect({ exitCode: right.exitCode, stderr: right.stderr }).toMatchObject({ exitCode: 0 });
      expect(right.stdout + right.stderr).not.toMatch(new RegExp(`${PASSPHRASE}|PRIVATE KEY`));
      expect(JSON.parse(right.stdout)).toMatchObject({ result: { signers: [key] } });
      expect(await homesInMemory()).toEqual(homes);
    },
  );

  publisherTest(
    'refuses what is no key, what cannot be read, and two things on one descriptor',
    async ({ publisher }) => {
      const run = (...given: readonly string[]) =>
        publisher.run([...given, 'channel', 'sign', 'stable', '--to', publisher.storeUrl], { input: 'rubbish' });
      expect(await run('--signing-key', '-')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('GPG_BAD_SECRET_KEY'),
      });
      expect(await run('--signing-key', '/nowhere')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('BUILDER_UNREADABLE'),
      });
      expect(await run('--signing-key', '-', '--passphrase-fd', '0')).toMatchObject({ exitCode: 2 });
      expect(await run('--signing-key', '-', '--passphrase-fd', '99')).toMatchObject({ exitCode: 4 });
    },
  );
});

describe('goldstream-builder release with several keys', () => {
  btrfsTest(
    'signs manifest and sums by both, names the keys document, and refuses one key alone',
    async ({ btrfs }) => {
      await withTemporaryDirectory(async (gnupg) => {
        const env = { GNUPGHOME: gnupg };
        try {
          const shop = await makeWorkshop(btrfs, 'key: [Alice, Bob]\n');
          const succeed = async (...args: readonly string[]) => {
            const { exitCode, stdout, stderr } = await shop.run(args, { env });
            expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
            return stdout;
          };
          await succeed('init');
          for (const name of ['Alice', 'Bob']) await succeed('keys', 'create', '--name', name, '--another');
          await succeed('keys', 'rotate', '--reason', 'two people', '--threshold', '2');
          await succeed('golden', 'update');
          await succeed('snapshot', 'v1.0.0');
          await expectUnchanged(shop.store, async () => {
            const alone = await shop.run(['release', 'v1.0.0', '--key', 'Bob'], { env });
            expect(alone).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('BUILDER_TOO_FEW_KEYS') });
          });
          await succeed('release', 'v1.0.0');
          await succeed('channel', 'set', 'stable', 'v1.0.0');

          const cwd = join(shop.store, 'v1.0.0');
          expect(JSON.parse(await readFile(join(cwd, 'shop-v1.0.0.manifest.json'), 'utf8'))).toMatchObject({
            keys: { number: 1 },
          });
          await systemRunner.run(['sha256sum', '--check', '--strict', 'SHA256SUMS'], { cwd });
          const keyring = join(gnupg, 'both.gpg');
          await systemRunner.run(['gpg', '--batch', '--output', keyring, '--export'], { env });
          for (const name of ['SHA256SUMS', 'shop-v1.0.0.manifest.json']) {
            expect(
              await goodSigners(['gpgv', '--status-fd', '1', '--keyring', keyring, `${name}.asc`, name], cwd),
            ).toBe(2);
          }
          expect(
            await goodSigners(['gpgv', '--status-fd', '1', '--keyring', keyring, '../shop-stable.channel'], cwd),
          ).toBe(2);
          expect(await goodSigners(['gpgv', '--status-fd', '1', '--keyring', keyring, '../shop.keys.1'], cwd)).toBe(2);
        } finally {
          await systemRunner.run(['gpgconf', '--homedir', gnupg, '--kill', 'all']);
        }
      });
    },
  );
});

/** gpgv by hand: it ends with 0, and so many signatures are good. */
async function goodSigners(command: readonly [string, ...string[]], cwd: string): Promise<number> {
  const { stdout } = await systemRunner.run(command, { cwd });
  return stdout.split('\n').filter((line) => line.startsWith('[GNUPG:] GOODSIG ')).length;
}

/** Puts the secret key behind {@link PASSPHRASE} and gives it back, armoured. */
async function lock(gnupg: string, key: string): Promise<string> {
  const gpg = ['gpg', '--homedir', gnupg, '--no-tty', '--pinentry-mode', 'loopback'] as const;
  await systemRunner.run([...gpg, '--command-fd', '0', '--passwd', key], { input: `${PASSPHRASE}\n` });
  const exporting = [...gpg, '--batch', '--passphrase-fd', '0', '--armor', '--export-secret-keys', key] as const;
  return (await systemRunner.run(exporting, { input: `${PASSPHRASE}\n` })).stdout;
}

async function homesInMemory(): Promise<readonly string[]> {
  return (await readdir('/dev/shm').catch(() => [])).filter((name) => name.startsWith('goldstream-keys-')).sort();
}
