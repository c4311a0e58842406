import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullAssetNames, incrementalAssetNames } from './asset-names.ts';
import { type AssetEntry, CHUNK_BYTES, FORMAT_VERSION, type ReleaseManifest } from './manifest.ts';
import { MANIFEST_BYTES_LIMIT, parseManifest } from './parse-manifest.ts';
import { renderManifest } from './render-manifest.ts';
import { parseVersion } from './version.ts';

const HEX = 'ab'.repeat(32);
const UUID = '0a1b2c3d-0000-4000-8000-000000000001';
const PARENT_UUID = '0a1b2c3d-0000-4000-8000-000000000002';

function asset(name: string, bytes = CHUNK_BYTES + 1): AssetEntry {
  return { name, bytes, sha256: HEX, chunks: Array(Math.ceil(bytes / CHUNK_BYTES)).fill(HEX) };
}

const body = { protocol: 1, encoding: 'zstd', rawBytes: 9_000_000, rawSha256: HEX } as const;

const manifest: ReleaseManifest = {
  formatVersion: FORMAT_VERSION,
  application: 'op-dbus',
  version: 'v1.3.0',
  created: '2026-11-22T03:00:00Z',
  architecture: 'amd64',
  snapshot: { name: 'v1.3.0', uuid: UUID, transid: 10, bytes: 1, files: 1, contentDigest: `sha256:${HEX}` },
  chunkBytes: CHUNK_BYTES,
  streams: [
    { kind: 'full', ...body, assets: [asset('op-dbus-v1.3.0.full.btrfs.zst')] },
    {
      kind: 'incremental',
      ...body,
      parent: { version: 'v1.2.9', uuid: PARENT_UUID },
      assets: [asset('op-dbus-v1.3.0.from-v1.2.9.btrfs.zst', 300)],
    },
  ],
  components: [{ name: 'core-dbus', version: '1.3.0', stage: 1 }],
  requires: { kernel: '6.0', btrfsProgs: '5.19' },
  policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
  barriers: [],
};

const encode = (text: string) => new TextEncoder().encode(text);
const text = renderManifest(manifest);

/** The manifest's text with one value replaced: `streams.0.kind` and so on. `undefined` removes it. */
function withValue(path: string, value: unknown): Uint8Array {
  const copy: unknown = JSON.parse(text);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  // Walks a document that was just parsed; a wrong path in a test throws.
  const holder = keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], copy);
  (holder as Record<string, unknown>)[last] = value;
  return encode(`${JSON.stringify(copy, null, 2)}\n`);
}

describe('renderManifest', () => {
  it('writes nothing that hosts would refuse', () => {
    expect(() => renderManifest({ ...manifest, streams: [] })).toThrow(
      expect.objectContaining({ code: 'RELEASE_BAD_MANIFEST' }),
    );
  });

  it('is read back as the same value', () => {
    expect(parseManifest(encode(text))).toEqual(manifest);
  });

  it('names the newest keys document, where there is one', () => {
    const naming = { ...manifest, keys: { number: 3, sha256: HEX } };
    expect(parseManifest(encode(renderManifest(naming)))).toEqual(naming);
  });

  it('writes equal values as equal bytes, whatever the order of their keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    // Reversing keys does not change the type.
    expect(renderManifest(reversed(manifest) as ReleaseManifest)).toBe(text);
  });
});

describe('any manifest', () => {
  const version = fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom('', '-rc.1')).map(([a, b, pre]) => {
    return parseVersion(`v${a}.${b}.0${pre}`);
  });
  const bytes = fc.integer({ min: 1, max: 4 * CHUNK_BYTES });
  const incrementals = fc.uniqueArray(fc.tuple(version, bytes), { selector: ([parent]) => parent, maxLength: 4 });

  it('is written as it is read, and read as it was written', () => {
    fc.assert(
      fc.property(version, fc.array(bytes, { minLength: 1, maxLength: 3 }), incrementals, (released, parts, edges) => {
        const streams = edges
          .filter(([parent]) => parent !== released)
          .map(([parent, size], index) => ({
            kind: 'incremental' as const,
            ...body,
            parent: { version: parent, uuid: PARENT_UUID.replace(/2$/, String(index + 2)) },
            assets: incrementalAssetNames('op-dbus', released, parent, 1).map((name) => asset(name, size)),
          }));
        const names = fullAssetNames('op-dbus', released, parts.length);
        const full = {
          kind: 'full' as const,
          ...body,
          assets: parts.map((size, part) => asset(names[part] ?? '', size)),
        };
        const value: ReleaseManifest = { ...manifest, version: released, streams: [full, ...streams] };

        const written = renderManifest(value);
        expect(parseManifest(encode(written))).toEqual(value);
        expect(renderManifest(parseManifest(encode(written)))).toBe(written);
      }),
    );
  });
});

describe('parseManifest', () => {
  it('drops fields that a later minor version added', () => {
    const later = JSON.parse(text);
    later.formatVersion = '1.7';
    later.shine = ['bright'];
    expect(parseManifest(encode(`${JSON.stringify(later, null, 2)}\n`))).toEqual({ ...manifest, formatVersion: '1.7' });
  });

  it('fills in policy and barriers where they are left out', () => {
    const { policy: _policy, barriers: _barriers, ...rest } = JSON.parse(text);
    expect(parseManifest(encode(`${JSON.stringify(rest, null, 2)}\n`))).toEqual(manifest);
  });

  it('refuses a format of another major version, before any other complaint', () => {
    expect(() => parseManifest(encode('{\n  "formatVersion": "2.0"\n}\n'))).toThrow(
      expect.objectContaining({ code: 'RELEASE_FORMAT_UNKNOWN', exitCode: 4 }),
    );
  });

  it.each<[string, string, unknown, string]>([
    ['no format version', 'formatVersion', undefined, 'formatVersion'],
    ['a format version that is a number', 'formatVersion', 1, 'formatVersion'],
    ['an application with a slash', 'application', 'op/dbus', 'application'],
    ['an application with dots', 'application', '..', 'application'],
    ['a version without v', 'version', '1.3.0', 'version'],
    ['a time with another zone', 'created', '2026-11-22T03:00:00+01:00', 'created'],
    ['a day that does not exist', 'created', '2026-02-30T03:00:00Z', 'created'],
    ['an empty architecture', 'architecture', '', 'architecture'],
    ['a snapshot name that is a path', 'snapshot.name', '../v1', 'snapshot.name'],
    ['a snapshot name that is a dot', 'snapshot.name', '..', 'snapshot.name'],
    ['a UUID in capitals', 'snapshot.uuid', UUID.toUpperCase(), 'snapshot.uuid'],
    ['a transid of 2^53', 'snapshot.transid', 2 ** 53, 'snapshot.transid'],
    ['a negative transid', 'snapshot.transid', -1, 'snapshot.transid'],
    ['a transid that is a text', 'snapshot.transid', '10', 'snapshot.transid'],
    ['an absurd size', 'snapshot.bytes', 2 ** 50, 'snapshot.bytes'],
    ['half a byte', 'snapshot.bytes', 0.5, 'snapshot.bytes'],
    ['a content digest of another kind', 'snapshot.contentDigest', `md5:${HEX}`, 'snapshot.contentDigest'],
    ['another chunk size', 'chunkBytes', 2 ** 31, 'chunkBytes'],
    ['no streams', 'streams', [], 'streams'],
    ['streams that are no list', 'streams', {}, 'streams'],
    ['a stream of unknown kind', 'streams.0.kind', 'partial', 'streams[0].kind'],
    ['a full stream with a parent', 'streams.0.parent', { version: 'v1.0.0', uuid: UUID }, 'streams[0].parent'],
    ['an incremental without parent', 'streams.1.parent', undefined, 'streams[1].parent'],
    ['a parent without UUID', 'streams.1.parent.uuid', undefined, 'streams[1].parent.uuid'],
    ['a release that is its own parent', 'streams.1.parent.uuid', UUID, 'streams[1].parent'],
    ['a protocol of the future', 'streams.0.protocol', 4, 'streams[0].protocol'],
    ['an unknown encoding', 'streams.0.encoding', 'gzip', 'streams[0].encoding'],
    ['an empty raw stream', 'streams.0.rawBytes', 0, 'streams[0].rawBytes'],
    ['an absurd raw stream', 'streams.0.rawBytes', 2 ** 53 - 1, 'streams[0].rawBytes'],
    ['a short digest', 'streams.0.rawSha256', 'abc', 'streams[0].rawSha256'],
    ['a digest in capitals', 'streams.0.rawSha256', HEX.toUpperCase(), 'streams[0].rawSha256'],
    ['no assets', 'streams.0.assets', [], 'streams[0].assets'],
    ['an empty asset', 'streams.0.assets.0.bytes', 0, 'streams[0].assets[0].bytes'],
    ['an asset of 2 GiB', 'streams.0.assets.0.bytes', 2 ** 31, 'streams[0].assets[0].bytes'],
    ['a chunk too few', 'streams.0.assets.0.chunks', [HEX], 'streams[0].assets[0].chunks'],
    ['a chunk too many', 'streams.0.assets.0.chunks', [HEX, HEX, HEX], 'streams[0].assets[0].chunks'],
    ['a chunk digest that is none', 'streams.0.assets.0.chunks.1', null, 'streams[0].assets[0].chunks[1]'],
    ['an asset name with a slash', 'streams.0.assets.0.name', 'op-dbus-v1.3.0./x', 'streams[0].assets[0].name'],
    ['an asset name with a leading dot', 'streams.0.assets.0.name', '.op-dbus', 'streams[0].assets[0].name'],
    ['an asset of another version', 'streams.0.assets.0.name', 'op-dbus-v1.3.1.full', 'streams[0].assets[0].name'],
    ['an asset with a newline', 'streams.0.assets.0.name', 'op-dbus-v1.3.0.a\n', 'streams[0].assets[0].name'],
    [
      'an asset under the name of the manifest',
      'streams.0.assets.0.name',
      'op-dbus-v1.3.0.manifest.json',
      'streams[0].assets[0].name',
    ],
    [
      'an asset under the name of a signature',
      'streams.0.assets.0.name',
      'op-dbus-v1.3.0.manifest.json.asc',
      'streams[0].assets[0].name',
    ],
    [
      'one name for two assets',
      'streams.1.assets.0.name',
      'op-dbus-v1.3.0.full.btrfs.zst',
      'streams[1].assets[0].name',
    ],
    ['a component without stage', 'components.0.stage', undefined, 'components[0].stage'],
    ['a requirement that is no version', 'requires.kernel', 'new', 'requires.kernel'],
    ['a set-uid path that leaves the snapshot', 'policy.setuid', ['usr/../../bin/su'], 'policy.setuid[0]'],
    ['an absolute set-uid path', 'policy.setuid', ['/bin/su'], 'policy.setuid[0]'],
    ['a keys document of number 0', 'keys', { number: 0, sha256: HEX }, 'keys.number'],
    ['a keys document without digest', 'keys', { number: 1 }, 'keys.sha256'],
    ['a barrier that is no version', 'barriers', ['latest'], 'barriers[0]'],
  ])('refuses %s and names where', (_, path, value, where) => {
    expect(() => parseManifest(withValue(path, value))).toThrow(
      expect.objectContaining({
        code: 'RELEASE_BAD_MANIFEST',
        exitCode: 4,
        message: expect.stringContaining(` ${where}: `),
      }),
    );
  });

  it('refuses two full streams', () => {
    const second = { ...manifest.streams[0], assets: [asset('op-dbus-v1.3.0.again')] };
    expect(() => parseManifest(withValue('streams.2', second))).toThrow('streams[2]: a second stream for full');
  });

  it('refuses two streams for one parent', () => {
    const second = { ...manifest.streams[1], assets: [asset('op-dbus-v1.3.0.again')] };
    expect(() => parseManifest(withValue('streams.2', second))).toThrow(
      `streams[2]: a second stream for ${PARENT_UUID}`,
    );
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a list', '[]\n'],
    ['half a document', text.slice(0, -10)],
    ['a second document', text + text],
    ['a byte after the end', `${text} `],
    ['no newline at the end', text.trimEnd()],
    ['a byte order mark', `\uFEFF${text}`],
    ['a key given twice', text.replace('{\n', '{\n  "application": "other",\n')],
    ['a key given twice further down', text.replace('"transid": 10', '"transid": 9,\n    "transid": 10')],
    ['a number that JavaScript cannot hold', text.replace('"transid": 10', '"transid": 9007199254740993')],
    ['a number in another spelling', text.replace('"transid": 10', '"transid": 1e1')],
    ['other indentation', JSON.stringify(manifest)],
    ['Windows line ends', text.replaceAll('\n', '\r\n')],
    ['an escape where none is needed', text.replace('amd64', '\\u0061md64')],
    ['nesting without end', '['.repeat(100_000)],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`],
  ])('refuses %s', (_, hostile) => {
    expect(() => parseManifest(encode(hostile))).toThrow(expect.objectContaining({ code: 'RELEASE_BAD_MANIFEST' }));
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseManifest(Uint8Array.of(0xff, 0xfe))).toThrow(
      expect.objectContaining({ code: 'RELEASE_BAD_MANIFEST' }),
    );
  });

  it('refuses a document beyond the limit without reading it', () => {
    expect(() => parseManifest(new Uint8Array(MANIFEST_BYTES_LIMIT + 1))).toThrow('expected at most 16777216');
  });

  it('shows the line where a document leaves its canonical form', () => {
    const hostile = text.replace('"transid": 10', '"transid": 9007199254740993');
    expect(() => parseManifest(encode(hostile))).toThrow(/line 10 is .*9007199254740993.*9007199254740992/);
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    const bytes = encode(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const hostile = bytes.slice();
        hostile[at] = value;
        try {
          parseManifest(hostile);
        } catch (error) {
          expect(error).toMatchObject({ category: 'input' });
        }
      }),
    );
  });
});
