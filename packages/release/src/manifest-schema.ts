import * as z from 'zod';
import { assetPrefix, manifestName } from './asset-names.ts';
import { applicationField, keysPointerField, versionField as version } from './document-fields.ts';
import { ASSET_BYTES_LIMIT, CHUNK_BYTES, type ReleaseManifest } from './manifest.ts';

/** 16 TiB. No raw stream or snapshot is larger; more is a mistake or an attack on arithmetic. */
const MAX_BYTES = 2 ** 44;
/** Assets in one release on GitHub. */
const MAX_ASSETS = 1000;
/** Entries of any other list. */
const MAX_ENTRIES = 10_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lowercase hexadecimal digits');
const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected a lowercase UUID');
const count = z.int().min(0);
const size = count.max(MAX_BYTES);
const shortText = z.string().min(1).max(255);
const minimum = z.string().regex(/^\d{1,6}(?:\.\d{1,6}){0,3}$/, 'expected numbers and dots, such as 6.0');
/** A path inside the snapshot: relative and normal. */
const path = z
  .string()
  .max(4095)
  .regex(/^(?!\.{1,2}(?:\/|$))[^/\0]+(?:\/(?!\.{1,2}(?:\/|$))[^/\0]+)*$/, 'expected a relative path without . or ..');
const list = <T extends z.ZodType>(entry: T) => z.array(entry).max(MAX_ENTRIES);

const asset = z
  .object({
    name: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits, dots, dashes'),
    bytes: z
      .int()
      .min(1)
      .max(ASSET_BYTES_LIMIT - 1),
    sha256,
    chunks: z.array(sha256).max(ASSET_BYTES_LIMIT / CHUNK_BYTES),
  })
  .refine(({ bytes, chunks }) => chunks.length === Math.ceil(bytes / CHUNK_BYTES), {
    path: ['chunks'],
    error: 'expected one digest for every 4 MiB of the asset',
  });

const body = {
  protocol: z.int().min(1).max(3),
  encoding: z.literal('zstd'),
  rawBytes: size.min(1),
  rawSha256: sha256,
  assets: z.array(asset).min(1).max(MAX_ASSETS),
};

const stream = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('full'), ...body, parent: z.undefined('a full stream has no parent').optional() }),
  z.object({ kind: z.literal('incremental'), parent: z.object({ version, uuid }), ...body }),
]);

const policy = z.object({
  setuid: list(path).default([]),
  capabilities: list(path).default([]),
  devices: list(path).default([]),
  xattrs: list(shortText.regex(/^(?!security\.capability$)/, 'expected its paths in capabilities')).default([]),
});

/** The shape of a manifest. Fields that a later minor version adds are dropped. */
export const manifestSchema = z
  .object({
    formatVersion: z.string().regex(/^1\.\d{1,3}$/),
    application: applicationField,
    version,
    created: z.iso.datetime('expected a UTC time such as 2026-01-31T12:00:00Z'),
    architecture: z.string().regex(/^[a-z0-9_-]{1,32}$/),
    snapshot: z.object({
      name: z
        .string()
        .max(255)
        .regex(/^(?!\.{1,2}$)[^/\0]+$/, 'expected a file name'),
      uuid,
      transid: z.int().min(1),
      bytes: size,
      files: count,
      contentDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
    }),
    chunkBytes: z.literal(CHUNK_BYTES),
    streams: z.array(stream).min(1).max(MAX_ASSETS),
    components: list(z.object({ name: shortText, version: shortText, stage: count })),
    requires: z.object({ kernel: minimum.optional(), btrfsProgs: minimum.optional(), receiver: minimum.optional() }),
    policy: policy.prefault({}),
    barriers: list(version).default([]),
    keys: keysPointerField.optional(),
  })
  .superRefine(checkAcross);

/** What no single field shows: names and parents that contradict each other. */
function checkAcross(manifest: ReleaseManifest, context: z.core.$RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  const prefix = assetPrefix(manifest.application, manifest.version);
  const taken = new Set([manifestName(manifest.application, manifest.version)]);
  const parents = new Set<string>();

  for (const [index, entry] of manifest.streams.entries()) {
    for (const key of entry.kind === 'full' ? ['full'] : [entry.parent.uuid, entry.parent.version]) {
      if (parents.has(key)) refuse(['streams', index], `a second stream for ${key}`);
      parents.add(key);
    }
    if (
      entry.kind === 'incremental' &&
      (entry.parent.version === manifest.version || entry.parent.uuid === manifest.snapshot.uuid)
    ) {
      refuse(['streams', index, 'parent'], 'the release is its own parent');
    }
    for (const [position, { name }] of entry.assets.entries()) {
      const path = ['streams', index, 'assets', position, 'name'];
      if (!name.startsWith(prefix) || name.endsWith('.asc'))
        refuse(path, `${JSON.stringify(name)} does not start with ${prefix} or is a signature's`);
      if (taken.has(name)) refuse(path, `${JSON.stringify(name)} is used twice`);
      taken.add(name);
    }
  }
}
