import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CHUNK_BYTES,
  FORMAT_VERSION,
  manifestName,
  type ReleaseManifest,
  renderManifest,
  signatureName,
  type Version,
} from '@goldstream/release';
import { openStore, type Store } from '@goldstream/store';
import { createKey, exportPublicKey, type GpgHome, systemRunner as runner, signDetached } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { fetchTrustedRelease } from '../src/index.ts';

const VERSION: Version = 'v1.0.0';

describe('fetchTrustedRelease', () => {
  directoryTest('gives a release that a known key has signed, and tells which', async ({ temporaryDirectory }) => {
    const { store, keyring, publish, fingerprint } = await publisher(temporaryDirectory);
    const document = await publish(VERSION, renderManifest(manifestOf(VERSION)));
    const release = await fetchTrustedRelease(runner, store, VERSION, { keyring });
    expect(release).toMatchObject({ manifest: { version: VERSION }, signers: [{ fingerprint }] });
    expect(Buffer.from(release.signed.manifest).equals(Buffer.from(document))).toBe(true);
    expect(JSON.parse(JSON.stringify(release))).toEqual({
      application: 'app',
      version: VERSION,
      manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      signers: [fingerprint],
    });
  });

  directoryTest('refuses a manifest that was changed after it was signed', async ({ temporaryDirectory }) => {
    const { store, keyring, publish, at } = await publisher(temporaryDirectory);
    await publish(VERSION, renderManifest(manifestOf(VERSION)));
    const path = join(at, VERSION, manifestName('app', VERSION));
    await writeFile(path, (await readFile(path, 'utf8')).replace('x86_64', 'x86_65'));
    await expect(fetchTrustedRelease(runner, store, VERSION, { keyring })).rejects.toMatchObject({
      code: 'RELEASE_UNTRUSTED',
      category: 'trust',
    });
  });

  directoryTest('parses not a byte of what nobody has signed', async ({ temporaryDirectory }) => {
    const { store, keyring, publish, at } = await publisher(temporaryDirectory);
    await publish(VERSION, renderManifest(manifestOf(VERSION)));
    await writeFile(join(at, VERSION, manifestName('app', VERSION)), 'this is no JSON');
    await expect(fetchTrustedRelease(runner, store, VERSION, { keyring })).rejects.toMatchObject({
      code: 'RELEASE_UNTRUSTED',
    });
  });

  directoryTest('refuses a release of which fewer than wanted have signed', async ({ temporaryDirectory }) => {
    const { store, keyring, publish } = await publisher(temporaryDirectory);
    await publish(VERSION, renderManifest(manifestOf(VERSION)));
    await expect(fetchTrustedRelease(runner, store, VERSION, { keyring, threshold: 2 })).rejects.toMatchObject({
      code: 'RELEASE_UNTRUSTED',
    });
  });

  directoryTest('refuses a key that the keyring does not know', async ({ temporaryDirectory }) => {
    const { store, publish } = await publisher(temporaryDirectory);
    await publish(VERSION, renderManifest(manifestOf(VERSION)));
    const other = await publisher(join(temporaryDirectory, 'other'));
    await expect(fetchTrustedRelease(runner, store, VERSION, { keyring: other.keyring })).rejects.toMatchObject({
      code: 'RELEASE_UNTRUSTED',
    });
  });

  directoryTest.for([
    ['another version', 'v9.0.0', 'app'],
    ['another application', VERSION, 'other'],
  ] as const)(
    'refuses the signed manifest of %s in this one’s place',
    async ([, version, application], { temporaryDirectory }) => {
      const { store, keyring, publish } = await publisher(temporaryDirectory);
      await publish(VERSION, renderManifest(manifestOf(version, application)));
      await expect(fetchTrustedRelease(runner, store, VERSION, { keyring })).rejects.toMatchObject({
        code: 'TRANSFER_WRONG_RELEASE',
        category: 'trust',
      });
    },
  );
});

interface Publisher {
  readonly store: Store;
  /** Directory of the store. */
  readonly at: string;
  readonly keyring: string;
  readonly fingerprint: string;
  /** Signs a document and publishes it as the manifest of a version. */
  publish(version: Version, document: string | Uint8Array): Promise<string | Uint8Array>;
}

/** Somebody with a key of their own and an empty store. */
async function publisher(directory: string): Promise<Publisher> {
  const [at, built, keyring] = [join(directory, 'store'), join(directory, 'built'), join(directory, 'keyring.gpg')];
  for (const path of [at, built]) await mkdir(path, { recursive: true });
  const home: GpgHome = { kind: 'ours', path: join(directory, 'gnupg') };
  const { fingerprint } = await createKey(runner, home, 'Release <release@example.org>', '0');
  await exportPublicKey(runner, home, fingerprint, { armor: false, to: keyring });
  const store = openStore(`dir:${at}`, 'app');
  const publish: Publisher['publish'] = async (version, document) => {
    const name = manifestName('app', version);
    const manifest = { name, path: join(built, name) };
    const signature = { name: signatureName(name), path: join(built, signatureName(name)) };
    await writeFile(manifest.path, document);
    await signDetached(runner, home, { signers: [fingerprint], file: manifest.path, signature: signature.path });
    await store.publish({ version, assets: [], manifest, signature });
    return document;
  };
  return { store, at, keyring, fingerprint, publish };
}

function manifestOf(version: Version, application = 'app'): ReleaseManifest {
  const asset = {
    name: `${application}-${version}.full.btrfs.zst`,
    bytes: 1,
    sha256: '0'.repeat(64),
    chunks: ['0'.repeat(64)],
  };
  return {
    formatVersion: FORMAT_VERSION,
    application,
    version,
    created: '2026-11-22T03:00:00Z',
    architecture: 'x86_64',
    snapshot: {
      name: version,
      uuid: '11111111-2222-3333-4444-555555555555',
      transid: 7,
      bytes: 1,
      files: 1,
      contentDigest: `sha256:${'0'.repeat(64)}`,
    },
    chunkBytes: CHUNK_BYTES,
    streams: [{ kind: 'full', protocol: 1, encoding: 'zstd', rawBytes: 1, rawSha256: '0'.repeat(64), assets: [asset] }],
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
}
