import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { PathBytes } from '../path-bytes.ts';
import type { DesiredTree } from '../recipe/gather-recipe.ts';
import { inodeAt, type StoredFile, type Tree, type TreeProgress } from '../tree.ts';
import { eachInFlight } from '../walk/in-flight.ts';
import { countProgress } from '../walk/progress.ts';
import { readSmallFile, SMALL_FILE } from '../walk/small-file.ts';
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
  const kept = matchInodes(desired, actual);
  const comparison = new Map<PathBytes, KeptInode>([...kept].map(([first, at]) => [first, { at, ranges: [] }]));
  const pairs = [...kept].flatMap(([first, at]) => pairOf({ first, at }, desired, actual));
  const count = countProgress(pairs.map(commonBytes), onProgress);
  await eachInFlight(pairs, twoBuffers, async (pair, buffers) => {
    const small = pair.wanted.size <= SMALL_FILE && pair.now.size <= SMALL_FILE;
    const ranges = small ? compareSmall(pair, buffers) : await compareLarge(pair, buffers, count.bytes);
    if (small) count.bytes(commonBytes(pair));
    comparison.set(pair.first, { at: pair.at, ranges });
    if (count.file() % YIELD_EVERY === 0) await setImmediate();
  });
  return comparison;
}

/** Two files of which one is to become the other. */
interface Pair {
  readonly first: PathBytes;
  readonly at: PathBytes;
  readonly wanted: StoredFile;
  readonly now: StoredFile;
}

function pairOf(
  { first, at }: Pick<Pair, 'first' | 'at'>,
  desired: Tree<StoredFile>,
  actual: Tree<StoredFile>,
): readonly Pair[] {
  const [wanted, now] = [inodeAt(desired, first), inodeAt(actual, at)];
  return wanted?.kind === 'file' && now?.kind === 'file'
    ? [{ first, at, wanted: wanted.content, now: now.content }]
    : [];
}

function commonBytes({ wanted, now }: Pair): number {
  return Math.min(wanted.size, now.size);
}

function compareSmall(pair: Pair, [one, other]: readonly [Buffer, Buffer]): readonly BlockRange[] {
  const length = commonBytes(pair);
  const [a, b] = [readSmallFile(pair.wanted, one), readSmallFile(pair.now, other)];
  const ranges: BlockRange[] = [];
  appendDifferences(ranges, 0, a.subarray(0, length), b.subarray(0, length));
  return ranges;
}

async function compareLarge(
  pair: Pair,
  buffers: readonly [Buffer, Buffer],
  onBytes: (bytes: number) => void,
): Promise<readonly BlockRange[]> {
  const { wanted, now } = pair;
  return await withStoredFile(wanted, (wantedHandle) =>
    withStoredFile(now, async (nowHandle) => {
      const ranges: BlockRange[] = [];
      const common = commonBytes(pair);
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

/** Files after which timers and signals have their turn. */
const YIELD_EVERY = 256;
