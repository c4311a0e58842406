import { dirname } from 'node:path';
import { makeDirectoryDurably } from '@goldstream/system';
import { kindAt, readFileFacts } from './look-at-place.ts';
import { placeFile } from './place-file.ts';
import type { Original } from './system-facts.ts';

/**
 * Keeps a copy of a file before its place is taken over: durable, by its digest, for root's eyes only. Mode and owner are
 * in the record; extended attributes are not kept.
 * @throws ReceiverError `DEPLOY_INCOMPLETE_TREE` when the file is not what the plan saw
 */
export async function keepOriginal(
  place: string,
  { sha256 }: Extract<Original, { kind: 'file' }>,
  kept: string,
): Promise<void> {
  await makeDirectoryDurably(dirname(kept), 0o700);
  if ((await kindAt(kept)) === 'file' && (await readFileFacts(kept)).sha256 === sha256) return;
  // Taken over already: then the copy is there, or a change since is for the next step to refuse.
  await placeFile(kept, { path: place, sha256, mode: 0o600, uid: 0, gid: 0 }, 'replace');
}
