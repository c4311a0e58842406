import type { ReleaseManifest } from './manifest.ts';
import { manifestSchema } from './manifest-schema.ts';
import { parseDocument } from './parse-document.ts';

/** No manifest is larger; a store reads no more of one. */
export const MANIFEST_BYTES_LIMIT = 16 * 1024 * 1024;

/**
 * Reads a manifest whose signature was verified. Errors name the JSON path.
 *
 * @throws ReleaseError `RELEASE_BAD_MANIFEST`, `RELEASE_FORMAT_UNKNOWN`
 */
export function parseManifest(bytes: Uint8Array): ReleaseManifest {
  const kind = {
    what: 'release manifest',
    code: 'RELEASE_BAD_MANIFEST',
    bytesLimit: MANIFEST_BYTES_LIMIT,
    schema: manifestSchema,
  } as const;
  return parseDocument(kind, bytes);
}
