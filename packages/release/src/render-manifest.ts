import type { AssetEntry, ReleaseManifest, StreamEntry } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';
import { renderStrictJson } from './strict-json.ts';

/**
 * The manifest as it is signed and published: fixed order of keys, so that equal values are equal bytes. Writes nothing
 * that `parseManifest` would not read: what is published can never be mended.
 *
 * @throws ReleaseError `RELEASE_BAD_MANIFEST`, `RELEASE_FORMAT_UNKNOWN`
 */
export function renderManifest(manifest: ReleaseManifest): string {
  const { formatVersion, application, version, created, architecture, chunkBytes, barriers, keys } = manifest;
  const { name, uuid, transid, bytes, files, contentDigest } = manifest.snapshot;
  const { kernel, btrfsProgs, receiver } = manifest.requires;
  const { setuid, capabilities, devices, xattrs } = manifest.policy;
  const text = renderStrictJson({
    formatVersion,
    application,
    version,
    created,
    architecture,
    snapshot: { name, uuid, transid, bytes, files, contentDigest },
    chunkBytes,
    streams: manifest.streams.map(orderStream),
    components: manifest.components.map(({ name, version, stage }) => ({ name, version, stage })),
    requires: { kernel, btrfsProgs, receiver },
    policy: { setuid, capabilities, devices, xattrs },
    barriers,
    keys: keys && { number: keys.number, sha256: keys.sha256 },
  });
  parseManifest(new TextEncoder().encode(text));
  return text;
}

function orderStream(stream: StreamEntry): object {
  const { kind, protocol, encoding, rawBytes, rawSha256 } = stream;
  // An undefined parent leaves no trace in JSON.
  const parent = kind === 'full' ? undefined : { version: stream.parent.version, uuid: stream.parent.uuid };
  return { kind, protocol, parent, encoding, rawBytes, rawSha256, assets: stream.assets.map(orderAsset) };
}

function orderAsset({ name, bytes, sha256, chunks }: AssetEntry): AssetEntry {
  return { name, bytes, sha256, chunks };
}
