import { KEYS_BYTES_LIMIT, type KeysDocument } from './keys-document.ts';
import { keysSchema } from './keys-schema.ts';
import { parseDocument } from './parse-document.ts';

/**
 * Reads a keys document: the bytes that `gpgv --output -` emitted, and no others. Errors name the JSON path.
 *
 * @throws ReleaseError `RELEASE_BAD_KEYS`, `RELEASE_FORMAT_UNKNOWN`
 */
export function parseKeys(bytes: Uint8Array): KeysDocument {
  const kind = {
    what: 'keys document',
    code: 'RELEASE_BAD_KEYS',
    bytesLimit: KEYS_BYTES_LIMIT,
    schema: keysSchema,
  } as const;
  return parseDocument(kind, bytes);
}
