import { open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeSignature } from '@goldstream/release';
import { directoryTest, LONG_RUN } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  clearSign,
  clearSignedStatus,
  createKey,
  exportPublicKey,
  type GpgHome,
  importSecretKeys,
  listSecretKeys,
  type Runner,
  signatureStatus,
  signDetached,
  systemRunner,
} from '../src/index.ts';

const TEXT = '{\n  "sequence": 1\n}\n';
const PASSPHRASE = 'correct horse';

describe('signing', () => {
  directoryTest('puts the signatures of several keys in one file', async ({ temporaryDirectory }) => {
    const { home, keys, keyring } = await twoKeys(temporaryDirectory);
    const signed = await clearSign(systemRunner, home, { signers: keys, text: TEXT });
    const { status, text } = await clearSignedStatus(systemRunner, keyring, signed);
    expect(Buffer.from(text).toString()).toBe(TEXT);
    expect(judgeSignature(status, { threshold: 2 })).toMatchObject({ ok: true });

    const [file, signature] = [join(temporaryDirectory, 'data'), join(temporaryDirectory, 'data.asc')];
    await writeFile(file, TEXT);
    await signDetached(systemRunner, home, { signers: keys, file, signature });
    const detached = await signatureStatus(systemRunner, keyring, {
      data: Buffer.from(TEXT),
      signature: await readFile(signature),
    });
    expect(judgeSignature(detached, { threshold: 2 })).toMatchObject({ ok: true });
  });

  directoryTest('uses a strong digest, whatever the configuration prefers', async ({ temporaryDirectory }) => {
    const { home, path, keys, keyring } = await twoKeys(temporaryDirectory);
    await writeFile(
      join(path, 'gpg.conf'),
      'digest-algo SHA1\npersonal-digest-preferences SHA1\nallow-weak-digest-algos\n',
    );
    const signed = await clearSign(systemRunner, home, { signers: keys, text: TEXT });
    const { status } = await clearSignedStatus(systemRunner, keyring, signed);
    expect(judgeSignature(status, { threshold: 2 })).toMatchObject({ ok: true });
  });

  directoryTest(
    'takes a key with a passphrase, and leaves neither home nor agent nor trace of them',
    async ({ temporaryDirectory }) => {
      const { runner, commands } = recording();
      const secret = await protectedKey(temporaryDirectory);
      const given = await importSecretKeys(runner, { keys: [secret], passphrase: () => PASSPHRASE });
      const path = given.home.kind === 'given' ? given.home.path : '';
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      const [key] = await listSecretKeys(runner, given.home);
      await clearSign(runner, given.home, { signers: [key?.fingerprint ?? ''], text: TEXT });
      expect(await processesNaming(homesIn(commands))).toEqual([]);
      await given[Symbol.asyncDispose]();
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
      expect(JSON.stringify([commands, given])).not.toMatch(/correct horse|PRIVATE KEY/);
    },
  );

  directoryTest('says nothing of a wrong passphrase but that it is wrong', async ({ temporaryDirectory }) => {
    const { runner, commands } = recording();
    const secret = await protectedKey(temporaryDirectory);
    for (const passphrase of [undefined, () => 'battery staple']) {
      await using given = await importSecretKeys(runner, { keys: [secret], passphrase });
      const [key] = await listSecretKeys(runner, given.home);
      const refused = await clearSign(runner, given.home, { signers: [key?.fingerprint ?? ''], text: TEXT }).catch(
        String,
      );
      expect(refused).toMatch(/Bad passphrase|No passphrase/i);
      expect(refused).not.toContain('battery staple');
    }
    expect(JSON.stringify(commands)).not.toContain('battery staple');
    expect(await processesNaming(homesIn(commands))).toEqual([]);
  });

  directoryTest.runIf(LONG_RUN)(
    'covers every byte of a file beyond 4 GiB',
    async ({ temporaryDirectory }) => {
      const { home, keys, keyring } = await twoKeys(temporaryDirectory);
      const [file, signature] = [join(temporaryDirectory, 'data'), join(temporaryDirectory, 'data.asc')];
      await writeFile(file, '');
      await truncate(file, 4.125 * 1024 ** 3);
      await signDetached(systemRunner, home, { signers: keys, file, signature });
      const verify = async () => {
        const command = ['gpgv', '--status-fd', '1', '--keyring', keyring, signature, file] as const;
        return judgeSignature((await systemRunner.run(command, { accept: [1, 2] })).stdout, { threshold: 2 }).ok;
      };
      expect(await verify()).toBe(true);
      await using handle = await open(file, 'r+');
      await handle.write(Uint8Array.of(1), 0, 1, 4.0625 * 1024 ** 3);
      expect(await verify()).toBe(false);
    },
    900_000,
  );

  directoryTest('refuses what is no secret key, and takes the home away again', async ({ temporaryDirectory }) => {
    const { keyring } = await twoKeys(temporaryDirectory);
    const before = await homesInMemory();
    for (const key of [await readFile(keyring), Buffer.from('rubbish'), Buffer.alloc(0)]) {
      await expect(importSecretKeys(systemRunner, { keys: [key] })).rejects.toMatchObject({
        code: 'GPG_BAD_SECRET_KEY',
      });
    }
    expect(await homesInMemory()).toEqual(before);
  });
});

async function twoKeys(directory: string) {
  const path = join(directory, 'gnupg');
  const home: GpgHome = { kind: 'ours', path };
  const keys = [
    (await createKey(systemRunner, home, 'Alice <alice@example.org>', '2y')).fingerprint,
    (await createKey(systemRunner, home, 'Bob <bob@example.org>', '2y')).fingerprint,
  ];
  const keyring = join(directory, 'keyring.gpg');
  await exportPublicKey(systemRunner, home, keys, { armor: false, to: keyring, minimal: true });
  return { home, path, keys, keyring };
}

/** A secret key that is locked with {@link PASSPHRASE}, armoured. */
async function protectedKey(directory: string): Promise<Uint8Array> {
  const path = join(directory, 'locked');
  await systemRunner.run(['mkdir', '--mode', '700', path]);
  const gpg = ['gpg', '--homedir', path, '--batch', '--pinentry-mode', 'loopback', '--passphrase-fd', '0'] as const;
  const input = `${PASSPHRASE}\n`;
  await systemRunner.run([...gpg, '--quick-generate-key', 'Locked <locked@example.org>', 'ed25519', 'sign', '1y'], {
    input,
  });
  const { stdout } = await systemRunner.run([...gpg, '--armor', '--export-secret-keys'], { input });
  await systemRunner.run(['gpgconf', '--homedir', path, '--kill', 'all']);
  return Buffer.from(stdout);
}

/** The real runner, and every command line that it ran. */
function recording() {
  const commands: (readonly string[])[] = [];
  const run: Runner['run'] = (command, options) => {
    commands.push(command);
    return systemRunner.run(command, options);
  };
  return { runner: { ...systemRunner, run }, commands };
}

function homesIn(commands: readonly (readonly string[])[]): ReadonlySet<string> {
  return new Set(commands.map((command) => command[command.indexOf('--homedir') + 1] ?? ''));
}

async function homesInMemory(): Promise<readonly string[]> {
  return (await readdir('/dev/shm').catch(() => [])).filter((name) => name.startsWith('goldstream-keys-')).sort();
}

/** Command lines that name one of these paths. */
async function processesNaming(paths: ReadonlySet<string>): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.split('\0').some((word) => paths.has(word)));
}
