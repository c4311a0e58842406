import type { KeysDocument } from './keys-document.ts';
import { parseKeys } from './parse-keys.ts';
import { renderStrictJson } from './strict-json.ts';

/**
 * The keys document as it is clear-signed: fixed order of keys, lists sorted by fingerprint, so that equal values are
 * equal bytes. Writes nothing that `parseKeys` would not read.
 *
 * @throws ReleaseError `RELEASE_BAD_KEYS`, `RELEASE_FORMAT_UNKNOWN`
 */
export function renderKeys(document: KeysDocument): string {
  const { formatVersion, application, number, issued, reason, threshold } = document;
  const text = renderStrictJson({
    formatVersion,
    application,
    number,
    issued,
    reason,
    threshold,
    keys: inOrder(document.keys).map(({ fingerprint, publicKey }) => ({ fingerprint, publicKey })),
    withdrawn: inOrder(document.withdrawn).map(({ fingerprint, reason }) => ({ fingerprint, reason })),
  });
  parseKeys(new TextEncoder().encode(text));
  return text;
}

function inOrder<T extends { readonly fingerprint: string }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}
