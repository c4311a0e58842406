import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AssetDigester,
  CHUNK_BYTES,
  FORMAT_VERSION,
  fullAssetNames,
  incrementalAssetNames,
  manifestName,
  type ReleaseManifest,
  renderManifest,
  type StreamEntry,
  signatureName,
  type Version,
} from '@goldstream/release';
import { openStore, type Store } from '@goldstream/store';
import { createSubvolume, systemRunner as runner, showSubvolume, snapshotSubvolume } from '@goldstream/system';

const APPLICATION = 'app';

/** A builder of a test: a golden subvolume of which releases are made, and a directory store with them. */
export interface Workshop {
  /** The golden subvolume, empty at first. */
  readonly golden: string;
  /** Where the host receives. */
  readonly into: string;
  readonly store: Store;
  /** Path of the raw stream that a published one was made of. */
  raw(stream: StreamEntry): string;
  /** Path of a published asset. */
  asset(manifest: ReleaseManifest, stream?: StreamEntry): string;
  /** Snapshots the golden and publishes it: a full stream, and an incremental one on `parent`. */
  release(version: Version, parent?: ReleaseManifest): Promise<ReleaseManifest>;
}

/** Makes a workshop and a directory to receive into on a Btrfs. */
export async function workshopIn(pool: string): Promise<Workshop> {
  const [golden, into, at, built] = ['golden', 'deploy', 'store', 'built'].map((name) => join(pool, name)) as [
    string,
    string,
    string,
    string,
  ];
  await createSubvolume(runner, golden);
  await mkdir(into, { mode: 0o700 });
  for (const path of [at, built, join(pool, 'snapshots')]) await mkdir(path);
  const store = openStore(`dir:${at}`, APPLICATION);

  const release = async (version: Version, parent?: ReleaseManifest): Promise<ReleaseManifest> => {
    const snapshot = join(pool, 'snapshots', version);
    await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
    const file = (name: string) => ({ name, path: join(built, name) });
    const streams: StreamEntry[] = [
      { kind: 'full', ...(await compress(built, fullAssetNames(APPLICATION, version, 1), snapshot)) },
    ];
    if (parent !== undefined) {
      const {
        version: of,
        snapshot: { uuid },
      } = parent;
      const names = incrementalAssetNames(APPLICATION, version, of, 1);
      const body = await compress(built, names, snapshot, join(pool, 'snapshots', of));
      streams.push({ kind: 'incremental', parent: { version: of, uuid }, ...body });
    }
    const { uuid, generation } = await showSubvolume(runner, snapshot);
    const manifest: ReleaseManifest = {
      formatVersion: FORMAT_VERSION,
      application: APPLICATION,
      version,
      created: '2026-11-22T03:00:00Z',
      architecture: 'x86_64',
      snapshot: {
        name: version,
        uuid,
        transid: generation,
        bytes: 64 * 1024 * 1024,
        files: 100,
        contentDigest: `sha256:${'0'.repeat(64)}`,
      },
      chunkBytes: CHUNK_BYTES,
      streams,
      components: [],
      requires: {},
      policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
      barriers: [],
    };
    const document = file(manifestName(APPLICATION, version));
    // Nobody looks at the signature here.
    const signature = file(signatureName(document.name));
    await writeFile(document.path, renderManifest(manifest));
    await writeFile(signature.path, 'signed');
    const assets = streams.flatMap((stream) => stream.assets.map(({ name }) => file(name)));
    await store.publish({ version, assets, manifest: document, signature });
    return manifest;
  };
  const asset = ({ version, streams }: ReleaseManifest, stream = streams[0]) =>
    join(at, version, stream?.assets[0]?.name ?? '');
  const raw = ({ assets: [first] }: StreamEntry) => join(built, `${first?.name}.raw`);
  return { golden, into, store, asset, raw, release };
}

/** Bytes that no compressor makes smaller. */
export async function writeRandom(path: string, bytes: number): Promise<void> {
  await writeFile(path, randomBytes(bytes));
}

async function compress(directory: string, names: readonly string[], snapshot: string, parent?: string) {
  const [name = ''] = names;
  const [raw, compressed] = [join(directory, `${name}.raw`), join(directory, name)];
  const on = parent === undefined ? [] : ['-p', parent];
  await runner.run(['btrfs', 'send', '--quiet', '-f', raw, ...on, snapshot]);
  await runner.run(['zstd', '--quiet', '-1', raw, '-o', compressed]);
  const rawSha256 = createHash('sha256')
    .update(await readFile(raw))
    .digest('hex');
  const { size: rawBytes } = await stat(raw);
  const digester = new AssetDigester();
  digester.update(await readFile(compressed));
  const assets = [{ name, ...digester.digest() }];
  return { protocol: 1, encoding: 'zstd' as const, rawBytes, rawSha256, assets };
}
