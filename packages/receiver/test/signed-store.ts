import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  AssetDigester,
  CHUNK_BYTES,
  FORMAT_VERSION,
  fullAssetNames,
  incrementalAssetNames,
  manifestName,
  type Parent,
  type ReleaseManifest,
  renderManifest,
  type StreamEntry,
  signatureName,
  type Version,
} from '@goldstream/release';
import { openStore } from '@goldstream/store';
import {
  createKey,
  exportPublicKey,
  type GpgHome,
  type SecretKey,
  signDetached,
  systemRunner,
} from '@goldstream/system';
import type { Layout } from '../src/host/layout.ts';

/** A directory store with releases that are described and signed as real ones; their streams are only a few bytes. */
export interface SignedStore {
  readonly url: string;
  /** Publishes a version and gives back its manifest. `by`: another key, which no host knows. */
  publish(release: Published): Promise<ReleaseManifest>;
}

/** What a test's release is like. */
export interface Published {
  readonly version: Version;
  readonly uuid: string;
  readonly parent?: Parent;
  readonly signedBy?: 'somebody else';
}

/** Makes keys, puts the public one where the host looks for it, and makes an empty store in `directory`. */
export async function signedStore(directory: string, { application, keyring }: Layout): Promise<SignedStore> {
  const home: GpgHome = { kind: 'ours', path: join(directory, 'gnupg') };
  const at = join(directory, 'store');
  await mkdir(at);
  await mkdir(dirname(keyring), { recursive: true });
  const key = await createKey(systemRunner, home, 'Release <release@example.org>', '0');
  const other = await createKey(systemRunner, home, 'Other <other@example.org>', '0');
  await exportPublicKey(systemRunner, home, key.fingerprint, { armor: false, to: keyring });
  const url = `dir:${at}`;
  const store = openStore(url, application);

  const publish = async (release: Published) => {
    const from = join(directory, `built-${release.version}`);
    await mkdir(from);
    const streams = streamsOf(application, release);
    const manifest = manifestOf(application, release, streams);
    const named = (name: string) => ({ name, path: join(from, name) });
    const assets = streams.flatMap((stream) => stream.assets.map(({ name }) => named(name)));
    for (const { path, name } of assets) await writeFile(path, name);
    const document = named(manifestName(application, release.version));
    const signature = named(signatureName(document.name));
    await writeFile(document.path, renderManifest(manifest));
    const { fingerprint }: SecretKey = release.signedBy === undefined ? key : other;
    await signDetached(systemRunner, home, { signers: [fingerprint], file: document.path, signature: signature.path });
    await store.publish({ version: release.version, assets, manifest: document, signature });
    return manifest;
  };
  return { url, publish };
}

/** A full stream and, with a parent, an incremental one. The content of an asset is its name. */
function streamsOf(application: string, { version, parent }: Published): readonly StreamEntry[] {
  const body = (names: readonly string[]) => ({
    protocol: 1,
    encoding: 'zstd' as const,
    rawBytes: 1000,
    rawSha256: '0'.repeat(64),
    assets: names.map((name) => ({ name, ...digestOf(name) })),
  });
  const full: StreamEntry = { kind: 'full', ...body(fullAssetNames(application, version, 1)) };
  if (parent === undefined) return [full];
  const names = incrementalAssetNames(application, version, parent.version, 1);
  return [full, { kind: 'incremental', parent, ...body(names) }];
}

function digestOf(content: string) {
  const digester = new AssetDigester();
  digester.update(Buffer.from(content));
  return digester.digest();
}

function manifestOf(
  application: string,
  { version, uuid }: Published,
  streams: readonly StreamEntry[],
): ReleaseManifest {
  return {
    formatVersion: FORMAT_VERSION,
    application,
    version,
    created: '2026-11-22T03:00:00Z',
    architecture: 'x86_64',
    snapshot: { name: version, uuid, transid: 7, bytes: 1, files: 1, contentDigest: `sha256:${'0'.repeat(64)}` },
    chunkBytes: CHUNK_BYTES,
    streams,
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
}
