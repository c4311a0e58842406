import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { PathBytes } from '../path-bytes.ts';
import type { FileEntry, StoredFile, Tree, TreeProgress } from '../tree.ts';
import { eachInFlight } from '../walk/in-flight.ts';
import { changedMeanwhile, READ_SIZE, refuseChanged, withStoredFile } from '../walk/stored-file.ts';

/** SHA-256 in lower-case hex of every regular file, by its first path. Memory for the bytes is constant. */
export async function hashFiles(
  tree: Tree<StoredFile>,
  onProgress: (progress: TreeProgress) => void,
): Promise<Map<PathBytes, string>> {
  const files = [...tree].flatMap(([path, entry]) => (entry.kind === 'file' ? [[path, entry] as const] : []));
  const total = totalsOf(files.map(([, file]) => file));
  const digests = new Map<PathBytes, string>();
  let bytes = 0;
  await eachInFlight(files, twoBuffers, async ([path, { content }], buffers) => {
    const digest = await withStoredFile(content, async (handle) => {
      const hashed = await hashFile(content, handle, buffers, (more) => {
        bytes += more;
        onProgress({ bytes, files: digests.size, ...total });
      });
      await refuseChanged(content, handle);
      return hashed;
    });
    digests.set(path, digest);
  });
  onProgress({ bytes, files: digests.size, ...total });
  return digests;
}

/** Reads into one buffer while the other one is hashed. */
async function hashFile(
  file: StoredFile,
  handle: FileHandle,
  [first, second]: readonly [Buffer, Buffer],
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  let [filled, free] = [first, second];
  let position = 0;
  const read = (buffer: Buffer, at: number) => handle.read(buffer, 0, Math.min(READ_SIZE, file.size - at), at);
  let reading = file.size > 0 ? read(filled, 0) : undefined;
  while (reading !== undefined) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) throw changedMeanwhile(file);
    position += bytesRead;
    reading = position < file.size ? read(free, position) : undefined;
    hash.update(filled.subarray(0, bytesRead));
    [filled, free] = [free, filled];
    onBytes(bytesRead);
  }
  return hash.digest('hex');
}

function twoBuffers(): readonly [Buffer, Buffer] {
  return [Buffer.allocUnsafeSlow(READ_SIZE), Buffer.allocUnsafeSlow(READ_SIZE)];
}

function totalsOf(files: readonly FileEntry<StoredFile>[]): Pick<TreeProgress, 'ofBytes' | 'ofFiles'> {
  return { ofBytes: files.reduce((sum, { size }) => sum + size, 0), ofFiles: files.length };
}
