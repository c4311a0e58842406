import { appendFile, mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKey, exportPublicKey, type GpgHome, signDetached, systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { type CopiedStore, copyStore } from './copied-store.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord } from './target-host.ts';

/** v1.3.0 has one stream, the full one, in parts of 5 MiB: each is two chunks. */
const PART = 'part000';
const MANIFEST = '.manifest.json';
const SIGNATURE = '.manifest.json.asc';
const CHUNK = 4 * 1024 * 1024;

interface Spoiled {
  readonly what: string;
  readonly spoil: (store: CopiedStore) => Promise<unknown>;
  readonly exitCode: number;
  readonly code: string;
}

const SPOILED: readonly Spoiled[] = [
  {
    what: 'is half-written: the signature, which comes last, is missing',
    spoil: async (store) => rm(await store.asset('v1.3.0', SIGNATURE)),
    exitCode: 7,
    code: 'STORE_UNFINISHED',
  },
  {
    what: 'lacks the version',
    spoil: async (store) => rm(dirname(await store.asset('v1.3.0', PART)), { recursive: true }),
    exitCode: 7,
    code: 'STORE_VERSION_MISSING',
  },
  {
    what: 'lacks the second part',
    spoil: async (store) => rm(await store.asset('v1.3.0', 'part001')),
    exitCode: 7,
    code: 'STORE_ASSET_MISSING',
  },
  {
    what: 'has a part that is longer than announced',
    spoil: async (store) => appendFile(await store.asset('v1.3.0', PART), 'x'),
    exitCode: 5,
    code: 'STORE_LENGTH_MISMATCH',
  },
  {
    what: 'has a part that is shorter than announced',
    spoil: async (store) => {
      const part = await store.asset('v1.3.0', PART);
      await truncate(part, (await stat(part)).size - 1);
    },
    exitCode: 5,
    code: 'STORE_LENGTH_MISMATCH',
  },
  {
    what: 'has one other bit in the second chunk, when the first was received already',
    spoil: async (store) => flipBit(await store.asset('v1.3.0', PART), CHUNK + 100),
    exitCode: 5,
    code: 'STORE_DIGEST_MISMATCH',
  },
  {
    what: 'has one other bit in the last part',
    spoil: async (store) => flipBit(await store.asset('v1.3.0', 'part001'), CHUNK),
    exitCode: 5,
    code: 'STORE_DIGEST_MISMATCH',
  },
  {
    what: 'has a manifest that was changed after it was signed',
    spoil: async (store) => {
      const manifest = await store.asset('v1.3.0', MANIFEST);
      await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"x86_64"', '"x86_65"'));
    },
    exitCode: 5,
    code: 'RELEASE_UNTRUSTED',
  },
  {
    what: 'has an empty signature',
    spoil: async (store) => writeFile(await store.asset('v1.3.0', SIGNATURE), ''),
    exitCode: 5,
    code: 'RELEASE_UNTRUSTED',
  },
  {
    what: 'has the rightly signed manifest of another version',
    spoil: async (store) => {
      for (const end of [MANIFEST, SIGNATURE]) {
        const [from, to] = ['v1.2.0', 'v1.3.0'].map((version) => store.file(version, `shop-${version}${end}`));
        if (from !== undefined && to !== undefined) await writeFile(to, await readFile(from));
      }
    },
    exitCode: 5,
    code: 'TRANSFER_WRONG_RELEASE',
  },
];

describe('a store that', () => {
  for (const { what, spoil, exitCode, code } of SPOILED) {
    shopTest(`${what} is refused, and nothing changed`, async ({ host, shop, temporaryDirectory }) => {
      const store = await copyStore(shop, temporaryDirectory);
      await host.do('receive', 'v1.0.0');
      await spoil(store);

      const args = ['deploy', 'v1.3.0', '--store', store.url];
      const refused = await expectHostUnchanged(host, () => host.run(args));

      expect(refused).toMatchObject({ exitCode, stderr: expect.stringContaining(code) });
      // What was begun is in nobody's way.
      if (code === 'STORE_DIGEST_MISMATCH') await host.do('receive', 'v1.3.0');
    });
  }

  shopTest(
    'offers only older versions than the active one has nothing to do',
    async ({ host, shop, temporaryDirectory }) => {
      await host.do('deploy', 'v1.1.0');
      const store = await copyStore(shop, temporaryDirectory);
      for (const version of ['v1.1.0', 'v1.2.0', 'v1.3.0']) await rm(store.file(version, ''), { recursive: true });
      const ended = await expectHostUnchanged(host, () => host.run(['deploy', '--store', store.url]));
      expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    },
  );

  shopTest('is empty, or not there, is refused', async ({ host, temporaryDirectory }) => {
    const [empty, missing] = ['empty', 'missing'].map((name) => join(temporaryDirectory, name)) as [string, string];
    await mkdir(empty);
    const deploy = (...args: string[]) => expectHostUnchanged(host, () => host.run(['deploy', ...args]));

    expect(await deploy('--store', `dir:${empty}`)).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining('STORE_EMPTY'),
    });
    expect(await deploy('v1.0.0', '--store', `dir:${empty}`)).toMatchObject({ exitCode: 7 });
    expect(await deploy('--store', `dir:${missing}`)).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining('STORE_MISSING'),
    });
    expect(await deploy('v1.0.0', '--store', empty)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('STORE_BAD_URL'),
    });
  });

  shopTest('is signed by a key that this host does not know is refused', async ({ host, shop, temporaryDirectory }) => {
    const store = await copyStore(shop, temporaryDirectory);
    const home: GpgHome = { kind: 'ours', path: join(temporaryDirectory, 'gnupg') };
    const { fingerprint } = await createKey(systemRunner, home, 'Somebody <else@example.org>', '0');
    const file = store.file('v1.0.0', 'shop-v1.0.0.manifest.json');
    await signDetached(systemRunner, home, { signers: [fingerprint], file, signature: `${file}.asc` });

    const args = ['receive', 'v1.0.0', '--store', store.url];
    const refused = await expectHostUnchanged(host, () => host.run(args));
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RELEASE_UNTRUSTED') });

    // It is the key and nothing else.
    const key = join(temporaryDirectory, 'other.gpg');
    await exportPublicKey(systemRunner, home, fingerprint, { armor: false, to: key });
    await host.do('prepare', '--key', key);
    await host.do(...args);
    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({ signers: [fingerprint] });
  });

  shopTest(
    'is signed by a known key that has expired is refused, although gpgv ends with 0',
    async ({ host, shop, temporaryDirectory }) => {
      const store = await copyStore(shop, temporaryDirectory);
      const manifest = store.file('v1.0.0', 'shop-v1.0.0.manifest.json');
      const key = join(temporaryDirectory, 'expired.gpg');
      await signInThePast(join(temporaryDirectory, 'gnupg'), { manifest, key });
      await host.do('prepare', '--key', key);
      const byHand = ['gpgv', '--keyring', host.layout.keyring, `${manifest}.asc`, manifest] as const;
      expect(await systemRunner.run(byHand)).toMatchObject({ exitCode: 0 });

      const args = ['receive', 'v1.0.0', '--store', store.url];
      const refused = await expectHostUnchanged(host, () => host.run(args));
      expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/RELEASE_UNTRUSTED.*expired/s) });
    },
  );
});

async function flipBit(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, at);
}

/** Signs with a key that was good for one day in 2020, on that day. @param gnupg a short path: a socket lies in it */
async function signInThePast(
  gnupg: string,
  { manifest, key }: { readonly manifest: string; readonly key: string },
): Promise<void> {
  const home = ['--homedir', gnupg];
  const gpg = (...args: string[]) =>
    systemRunner.run(['gpg', ...home, '--batch', '--yes', '--faked-system-time', '20200101T000000', ...args]);
  const user = 'Expired <expired@example.org>';
  await mkdir(gnupg, { mode: 0o700 });
  try {
    await gpg('--passphrase', '', '--quick-generate-key', user, 'ed25519', 'sign', '1d');
    await gpg('--armor', '--output', `${manifest}.asc`, '--detach-sign', manifest);
    await gpg('--output', key, '--export', user);
  } finally {
    await systemRunner.run(['gpgconf', ...home, '--kill', 'all']);
  }
}
