import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import { syncDirectory } from './durable-files.ts';
import { hiddenName, removeAbandoned } from './hidden-name.ts';
import { isErrno } from './open-file.ts';

/**
 * Replaces `BASE/NAME` by one rename, durably, while it is the file whose SHA-256 is `replaces`. Comparing and renaming
 * are two moments: the caller keeps other publishers out between them.
 *
 * @throws StoreError `STORE_DOCUMENT_CHANGED`, `STORE_PUBLISH_FAILED`
 */
export async function replaceDocument(
  base: string,
  name: string,
  bytes: Uint8Array,
  replaces: string | undefined,
): Promise<void> {
  if (!isPlainName(name)) throw new StoreError('STORE_PUBLISH_FAILED', `${JSON.stringify(name)} cannot be a document`);
  const path = join(base, name);
  // Ours by its random name, whatever happens to it.
  const staging = await hiddenName(base, name);
  try {
    await removeAbandoned(base);
    const found = await digestOf(path);
    if (found !== replaces) throw documentChanged(path, replaces, found);
    await using file = await open(staging, 'wx', 0o644);
    await file.writeFile(bytes);
    await file.chmod(0o644);
    await file.sync();
    await rename(staging, path);
    await syncDirectory(base);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('STORE_PUBLISH_FAILED', `${path} could not be written`, { cause });
  } finally {
    await rm(staging, { force: true });
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function documentChanged(path: string, replaces: string | undefined, found: string | undefined): StoreError {
  const tell = (sha256: string | undefined) => (sha256 === undefined ? 'no such file' : `SHA-256 ${sha256}`);
  return new StoreError('STORE_DOCUMENT_CHANGED', `${path}: expected ${tell(replaces)}, found ${tell(found)}`, {
    hint: 'Somebody else published in the meantime: run the command again.',
  });
}
