import type { FileHandle } from 'node:fs/promises';
import type { PathBytes } from '../path-bytes.ts';
import type { DesiredTree } from '../recipe/gather-recipe.ts';
import { inodeAt, type StoredFile, type TreeProgress } from '../tree.ts';
import { eachInFlight } from '../walk/in-flight.ts';
import { READ_SIZE, readExactly, refuseChanged, withStoredFile } from '../walk/stored-file.ts';
import { appendDifferences } from './differing-blocks.ts';
import type { ActualTree } from './gather-tree.ts';
import { matchInodes } from './match-inodes.ts';
import type { BlockRange } from './step.ts';

/** An inode that stays, and what has to be written into it. */
export interface KeptInode {
  /** A path that it has now and keeps. */
  readonly at: PathBytes;
  /** What of a file has to be written; empty when the common part is equal, as for symlinks. */
  readonly ranges: readonly BlockRange[];
}

/** Kept inodes by the first path of the wanted one. What is not in here is made new. */
export type Comparison = ReadonlyMap<PathBytes, KeptInode>;

/**
 * Finds out which inodes stay and which 4 KiB blocks of them differ, reading every byte that both sides have once.
 * @throws TreeError `TREE_CHANGED_MEANWHILE`, `TREE_UNREADABLE`
 */
export async function compareContents(
  { entries: desired }: Pick<DesiredTree, 'entries'>,
  { entries: actual }: ActualTree,
  onProgress: (progress: TreeProgress) => void = () => {},
): Promise<Comparison> {
  const kept = [...matchInodes(desired, actual)].map(([first, at]) => {
    const [wanted, now] = [inodeAt(desired, first), inodeAt(actual, at)];
    const files =
      wanted?.kind === 'file' && now?.kind === 'file' ? { wanted: wanted.content, now: now.content } : undefined;
    return { first, at, files };
  });
  const sizes = kept.flatMap(({ files }) => (files === undefined ? [] : [Math.min(files.wanted.size, files.now.size)]));
  const total = { ofBytes: sizes.reduce((sum, size) => sum + size, 0), ofFiles: sizes.length };
  const comparison = new Map<PathBytes, KeptInode>(kept.map(({ first, at }) => [first, { at, ranges: [] }]));
  let [bytes, done] = [0, 0];
  await eachInFlight(kept, twoBuffers, async ({ first, at, files }, buffers) => {
    if (files === undefined) return;
    const ranges = await compareFiles(files, buffers, (more) => {
      bytes += more;
      onProgress({ bytes, files: done, ...total });
    });
    comparison.set(first, { at, ranges });
    done += 1;
  });
  onProgress({ bytes, files: done, ...total });
  return comparison;
}

async function compareFiles(
  { wanted, now }: { wanted: StoredFile; now: StoredFile },
  buffers: readonly [Buffer, Buffer],
  onBytes: (bytes: number) => void,
): Promise<readonly BlockRange[]> {
  return await withStoredFile(wanted, (wantedHandle) =>
    withStoredFile(now, async (nowHandle) => {
      const ranges: BlockRange[] = [];
      const common = Math.min(wanted.size, now.size);
      for (let position = 0; position < common; position += READ_SIZE) {
        const length = Math.min(READ_SIZE, common - position);
        const read = (file: StoredFile, handle: FileHandle, buffer: Buffer) =>
          readExactly(file, handle, buffer, { position, length });
        const [a, b] = await Promise.all([read(wanted, wantedHandle, buffers[0]), read(now, nowHandle, buffers[1])]);
        appendDifferences(ranges, position, a, b);
        onBytes(length);
      }
      await Promise.all([refuseChanged(wanted, wantedHandle), refuseChanged(now, nowHandle)]);
      return ranges;
    }),
  );
}

function twoBuffers(): readonly [Buffer, Buffer] {
  return [Buffer.allocUnsafeSlow(READ_SIZE), Buffer.allocUnsafeSlow(READ_SIZE)];
}
