import { createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { PathBytes } from '../path-bytes.ts';
import type { StoredFile, Tree, TreeProgress } from '../tree.ts';
import { eachInFlight } from '../walk/in-flight.ts';
import { countProgress } from '../walk/progress.ts';
import { readSmallFile, SMALL_FILE } from '../walk/small-file.ts';
import { changedMeanwhile, READ_SIZE, refuseChanged, withStoredFile } from '../walk/stored-file.ts';

/** SHA-256 in lower-case hex of every regular file, by its first path. Memory for the bytes is constant. */
export async function hashFiles(
  tree: Tree<StoredFile>,
  onProgress: (progress: TreeProgress) => void,
): Promise<ReadonlyMap<PathBytes, string>> {
  const files = [...tree].flatMap(([path, entry]) => (entry.kind === 'file' ? [{ path, file: entry.content }] : []));
  const digests = new Map<PathBytes, string>();
  const count = countProgress(
    files.map(({ file }) => file.size),
    onProgress,
  );
  await eachInFlight(files, twoBuffers, async ({ path, file }, buffers) => {
    if (file.size <= SMALL_FILE) {
      digests.set(path, hash('sha256', readSmallFile(file, buffers[0])));
      count.bytes(file.size);
    } else {
      digests.set(path, await withStoredFile(file, (handle) => hashFile(file, handle, buffers, count.bytes)));
    }
    if (count.file() % YIELD_EVERY === 0) await setImmediate();
  });
  return digests;
}

/** Reads into one buffer while the other one is hashed. */
async function hashFile(
  file: StoredFile,
  handle: FileHandle,
  [first, second]: readonly [Buffer, Buffer],
  onBytes: (bytes: number) => void,
): Promise<string> {
  const sum = createHash('sha256');
  let [filled, free] = [first, second];
  let position = 0;
  const read = (buffer: Buffer, at: number) => handle.read(buffer, 0, Math.min(READ_SIZE, file.size - at), at);
  let reading = position < file.size ? read(filled, position) : undefined;
  while (reading !== undefined) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) throw changedMeanwhile(file);
    position += bytesRead;
    reading = position < file.size ? read(free, position) : undefined;
    sum.update(filled.subarray(0, bytesRead));
    [filled, free] = [free, filled];
    onBytes(bytesRead);
  }
  await refuseChanged(file, handle);
  return sum.digest('hex');
}

function twoBuffers(): readonly [Buffer, Buffer] {
  return [Buffer.allocUnsafeSlow(READ_SIZE), Buffer.allocUnsafeSlow(READ_SIZE)];
}

/** Files after which timers and signals have their turn. */
const YIELD_EVERY = 256;
