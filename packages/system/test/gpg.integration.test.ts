import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertTrusted, judgeSignature } from '@goldstream/release';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  createKey,
  dearmor,
  exportPublicKey,
  findSecretKey,
  type GpgHome,
  listSecretKeys,
  type Runner,
  signatureStatus,
  signDetached,
  systemRunner,
} from '../src/index.ts';

const NAME = 'Release <release@example.org>';
const DATA = Buffer.from('a manifest\n');

describe('keys and signatures', () => {
  directoryTest('makes a key, signs, and knows the signer again', async ({ temporaryDirectory }) => {
    const home = homeIn(temporaryDirectory);
    const key = await createKey(systemRunner, home, NAME, '2y');
    expect(key).toMatchObject({ userId: NAME, expires: expect.any(Number) });
    expect(key.fingerprint).toMatch(/^[0-9A-F]{40}$/);
    expect(await findSecretKey(systemRunner, home, undefined)).toEqual(key);

    const keyring = join(temporaryDirectory, 'keyring.gpg');
    await exportPublicKey(systemRunner, home, key.fingerprint, { armor: false, to: keyring });
    const signature = await sign(temporaryDirectory, home, key.fingerprint);
    const status = await signatureStatus(systemRunner, keyring, { data: DATA, signature });
    expect(assertTrusted('it', judgeSignature(status, { threshold: 1 }), 1)).toMatchObject([
      { fingerprint: key.fingerprint },
    ]);

    const changed = await signatureStatus(systemRunner, keyring, { data: Buffer.from('another\n'), signature });
    expect(() => assertTrusted('it', judgeSignature(changed, { threshold: 1 }), 1)).toThrow(
      expect.objectContaining({ code: 'RELEASE_UNTRUSTED' }),
    );
  });

  directoryTest('exports the same key armoured and binary', async ({ temporaryDirectory }) => {
    const home = homeIn(temporaryDirectory);
    const { fingerprint, expires } = await createKey(systemRunner, home, NAME, '0');
    expect(expires).toBeUndefined();
    const [binary, armoured] = [join(temporaryDirectory, 'key.gpg'), join(temporaryDirectory, 'key.asc')];
    await exportPublicKey(systemRunner, home, fingerprint, { armor: false, to: binary });
    await exportPublicKey(systemRunner, home, fingerprint, { armor: true, to: armoured });
    expect(Buffer.from(dearmor(await readFile(armoured)))).toEqual(await readFile(binary));
    expect(Buffer.from(dearmor(await readFile(binary)))).toEqual(await readFile(binary));
  });

  directoryTest('tells which of two keys was made last', async ({ temporaryDirectory }) => {
    const home = homeIn(temporaryDirectory);
    const first = await createKey(systemRunner, home, NAME, '0');
    const second = await createKey(systemRunner, home, 'Other: <other@example.org>', '0');
    expect(await listSecretKeys(systemRunner, home)).toEqual(expect.arrayContaining([first, second]));
    expect(second.userId).toBe('Other: <other@example.org>');
  });

  directoryTest(
    'leaves no agent behind, also where a socket’s path would be too long',
    async ({ temporaryDirectory }) => {
      const deep = join(temporaryDirectory, ...Array.from({ length: 6 }, () => 'a-rather-long-name-of-a-directory'));
      expect(deep.length).toBeGreaterThan(108);
      await mkdir(deep, { recursive: true });
      const home = homeIn(deep);
      const homedirs = new Set<string>();
      const run: Runner['run'] = (command, options) => {
        homedirs.add(command[command.indexOf('--homedir') + 1] ?? '');
        return systemRunner.run(command, options);
      };
      const { fingerprint } = await createKey({ ...systemRunner, run }, home, NAME, '0');
      await sign(temporaryDirectory, home, fingerprint);
      expect(homedirs.size).toBeGreaterThan(1);
      // An agent that was told to end answers first and ends then.
      await expect.poll(() => processesNaming(homedirs), { timeout: 60_000 }).toEqual([]);
      expect((await readdir(join(deep, 'gnupg'))).filter((name) => name.startsWith('S.'))).toEqual([]);
    },
  );

  directoryTest('finds no key in an empty home', async ({ temporaryDirectory }) => {
    expect(await listSecretKeys(systemRunner, homeIn(temporaryDirectory))).toEqual([]);
  });

  directoryTest('says what is wrong with a keyring instead of “No public key”', async ({ temporaryDirectory }) => {
    const signed = { data: DATA, signature: Buffer.from('') };
    const [empty, armoured] = [join(temporaryDirectory, 'empty'), join(temporaryDirectory, 'key.asc')];
    await writeFile(empty, '');
    await writeFile(armoured, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n');
    for (const keyring of [empty, armoured, join(temporaryDirectory, 'missing')]) {
      await expect(signatureStatus(systemRunner, keyring, signed)).rejects.toMatchObject({ code: 'GPG_BAD_KEYRING' });
    }
  });
});

function homeIn(directory: string): GpgHome {
  return { kind: 'ours', path: join(directory, 'gnupg') };
}

async function sign(directory: string, home: GpgHome, fingerprint: string): Promise<Uint8Array> {
  const [file, signature] = [join(directory, 'data'), join(directory, 'data.asc')];
  await writeFile(file, DATA);
  await signDetached(systemRunner, home, { signers: [fingerprint], file, signature });
  return readFile(signature);
}

/** Command lines that name one of these paths. */
async function processesNaming(paths: ReadonlySet<string>): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.split('\0').some((word) => paths.has(word)));
}
