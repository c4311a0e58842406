import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AssetDigester,
  CHUNK_BYTES,
  FORMAT_VERSION,
  fullAssetNames,
  manifestName,
  type ReleaseManifest,
  renderManifest,
  signatureName,
  type Version,
} from '@goldstream/release';
import { openStore } from '@goldstream/store';
import { type Ended, type GpgHome, type RunOptions, signDetached, systemRunner } from '@goldstream/system';
import { cli, withTemporaryDirectory } from '@goldstream/testing';
import { expect, test } from 'vitest';

/** A publisher's desk without a pool: a GnuPG home, a store, and the builder as people type it. */
export interface Publisher {
  readonly directory: string;
  readonly store: string;
  readonly storeUrl: string;
  readonly gnupg: string;
  /** A new key's fingerprint. @param options before the user id; default an ed25519 key that signs */
  makeKey(name: string, ...kind: readonly string[]): Promise<string>;
  /** Runs gpg in the home, without a passphrase. */
  gpg(...args: readonly string[]): Promise<string>;
  /** Runs the builder, whatever becomes of it. */
  run(args: readonly string[], options?: Omit<RunOptions, 'accept'>): Promise<Ended>;
  /** Runs the builder, which must succeed, and gives back its stdout. */
  do(...args: readonly string[]): Promise<string>;
  /** Puts a release without contents in the store. */
  publish(version: Version, ...signers: readonly string[]): Promise<void>;
}

const MAIN = fileURLToPath(import.meta.resolve('../src/main.ts'));

/** `test` with a publisher's desk. */
export const publisherTest = test.extend<{ publisher: Publisher }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest's way to say that this fixture needs no other
  publisher: async ({}, use) => {
    await withTemporaryDirectory(async (directory) => {
      const publisher = await makePublisher(directory);
      try {
        await use(publisher);
      } finally {
        await systemRunner.run(['gpgconf', '--homedir', publisher.gnupg, '--kill', 'all']);
      }
    });
  },
});

async function makePublisher(directory: string): Promise<Publisher> {
  const [store, gnupg] = [join(directory, 'store'), join(directory, 'gnupg')];
  await mkdir(store);
  await mkdir(gnupg, { mode: 0o700 });
  const storeUrl = `dir:${store}`;
  const builder = cli(MAIN);
  const quiet = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
  const gpg = (...args: readonly string[]) =>
    systemRunner.capture(['gpg', '--homedir', gnupg, ...quiet, ...args], { env: { GNUPGHOME: gnupg } });
  const run: Publisher['run'] = (args, options = {}) =>
    builder.run(['--root', directory, '--recipe', directory, '--app', 'shop', ...args], {
      ...options,
      env: { GNUPGHOME: gnupg, SOURCE_DATE_EPOCH: '', ...options.env },
    });
  return {
    directory,
    store,
    storeUrl,
    gnupg,
    gpg,
    run,
    makeKey: async (name, ...kind) => {
      const userId = `${name} <${name}@example.org>`;
      const before = new Set(fingerprintsIn(await gpg('--with-colons', '--list-keys')));
      const options = kind.filter((word) => word.startsWith('--') || /^\d{8}T/.test(word));
      const words = kind.filter((word) => !options.includes(word));
      await gpg(...options, '--quick-generate-key', userId, ...(words.length > 0 ? words : ['ed25519', 'sign', '1y']));
      const made = fingerprintsIn(await gpg('--with-colons', '--list-keys')).find((key) => !before.has(key));
      if (made === undefined) throw new Error('gpg made no key');
      return made;
    },
    do: async (...args) => {
      const { exitCode, stdout, stderr } = await run(args);
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout;
    },
    publish: async (version, ...signers) => {
      const home: GpgHome = { kind: 'given', path: gnupg, passphrase: undefined };
      const from = join(directory, `built-${version}`);
      await mkdir(from);
      const local = (name: string) => ({ name, path: join(from, name) });
      const [asset = ''] = fullAssetNames('shop', version, 1);
      const manifest = local(manifestName('shop', version));
      const signature = local(signatureName(manifest.name));
      await writeFile(join(from, asset), asset);
      await writeFile(manifest.path, renderManifest(emptyRelease(version, asset)));
      await signDetached(systemRunner, home, { signers, file: manifest.path, signature: signature.path });
      await openStore(storeUrl, 'shop').publish({ version, assets: [local(asset)], manifest, signature });
    },
  };
}

/** Primary keys of a listing with colons, in its order. */
function fingerprintsIn(listing: string): readonly string[] {
  return [...listing.matchAll(/^pub:.*\nfpr:(?:[^:\n]*:){8}([0-9A-F]+):/gm)].map(([, fingerprint = '']) => fingerprint);
}

/** The content of the only asset is its name. */
function emptyRelease(version: Version, asset: string): ReleaseManifest {
  const digester = new AssetDigester();
  digester.update(Buffer.from(asset));
  const body = { protocol: 1, encoding: 'zstd' as const, rawBytes: 1000, rawSha256: '0'.repeat(64) };
  const uuid = '00000000-0000-4000-8000-000000000000';
  return {
    formatVersion: FORMAT_VERSION,
    application: 'shop',
    version,
    created: '2026-11-22T03:00:00Z',
    architecture: 'x86_64',
    snapshot: { name: version, uuid, transid: 7, bytes: 1, files: 1, contentDigest: `sha256:${'0'.repeat(64)}` },
    chunkBytes: CHUNK_BYTES,
    streams: [{ kind: 'full', ...body, assets: [{ name: asset, ...digester.digest() }] }],
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
}
