import { createHash } from 'node:crypto';
import type { PathBytes } from '../path-bytes.ts';
import type { TreeEntry } from '../tree.ts';
import { renderEntry } from './render-entry.ts';

/** The first line of what is hashed. Another number is another format, and another digest of the same tree. */
export const DIGEST_HEADER = 'goldstream content digest 1\n';

/**
 * The content digest of a tree whose files were hashed before.
 * @param entries sorted bytewise by path, the root first; a file's content is its SHA-256 in lower-case hex
 * @returns `sha256:` and 64 hex digits
 */
export function digestOfEntries(entries: Iterable<readonly [PathBytes, TreeEntry<string>]>): string {
  const hash = createHash('sha256').update(DIGEST_HEADER);
  for (const [path, entry] of entries) hash.update(renderEntry(path, entry), 'latin1');
  return `sha256:${hash.digest('hex')}`;
}
