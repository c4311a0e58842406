import { BlockIndex } from './block-index.ts';
import type { ByteRanges } from './byte-ranges.ts';
import { type ComparedFile, compareFile } from './compare-file.ts';
import type { SnapshotContents } from './contents.ts';
import { Counterparts } from './counterparts.ts';
import type { Delta } from './delta.ts';
import type { Examination, ExaminedFile } from './examination.ts';
import { findMoved, indexBlocks } from './find-moved.ts';

/** Both sides of an incremental. */
export interface BothSnapshots {
  readonly parent: SnapshotContents;
  readonly snapshot: SnapshotContents;
}

/** What may be set. */
export interface ExamineOptions {
  /** Hears of bytes that were read of the snapshot or the parent; what it throws ends the examination. */
  readonly onBytes?: (bytes: number) => void;
  /** Blocks of the parent that are remembered while moved ones are looked for. Default: 4 GiB of contents. */
  readonly mostBlocks?: number;
}

/**
 * Tells what an incremental stream sends although the parent holds it. Each sent file is compared with its counterpart
 * in the parent, block by block at the same place; blocks that differ are then looked for in all files of the parent
 * that the stream touches or removes. Contents are read in pieces: memory depends on the number of files and of
 * remembered blocks, not on their size.
 */
export async function examineDelta(
  delta: Delta,
  { parent, snapshot }: BothSnapshots,
  { onBytes = () => {}, mostBlocks }: ExamineOptions = {},
): Promise<Examination> {
  const counterparts = new Counterparts(delta, parent);
  const compared: ComparedFile[] = [];
  for (const file of delta.files) {
    await using now = await snapshot.open(file.path);
    // What is no regular file any more when the stream has ended has no contents to look at.
    if (now !== undefined) compared.push(await compareFile(file, now, counterparts, onBytes));
  }
  const index = new BlockIndex(mostBlocks);
  const holders = compared.some(({ different }) => different.bytes > 0) ? holdersOf(delta, compared) : [];
  for (const [number, path] of holders.entries()) {
    await using before = await parent.open(path);
    if (before !== undefined) await indexBlocks(index, before, number, onBytes);
  }
  const gone = new Set(delta.gone);
  const files: ExaminedFile[] = [];
  for (const { different, ...file } of compared) {
    const moved = holders.length === 0 ? NONE : await movedIn(file.path, different, snapshot, index, onBytes);
    const [most] = [...moved].sort(([, a], [, b]) => b - a);
    const heldBy = most === undefined ? undefined : holders[most[0]];
    const isHolderGone = heldBy !== undefined && gone.has(heldBy);
    files.push({ ...file, movedBytes: sumOf([...moved.values()]), heldBy, isHolderGone });
  }
  return {
    sentBytes: sumOf(files.map(({ sentBytes }) => sentBytes)),
    wastedBytes: sumOf(files.map(({ equalBytes, movedBytes }) => equalBytes + movedBytes)),
    files,
    isPartial: index.isFull,
  };
}

/** The files of the parent that the stream touches or removes, each once. */
function holdersOf({ gone }: Delta, compared: readonly ComparedFile[]): readonly string[] {
  const touched = compared.flatMap(({ before }) => (before === undefined ? [] : [before]));
  return [...new Set([...touched, ...gone])];
}

async function movedIn(
  path: string,
  different: ByteRanges,
  snapshot: SnapshotContents,
  index: BlockIndex,
  onBytes: (bytes: number) => void,
): Promise<ReadonlyMap<number, number>> {
  if (different.bytes === 0) return NONE;
  await using file = await snapshot.open(path);
  // Awaited here: the file is closed when this function ends.
  return file === undefined ? NONE : await findMoved(index, file, different, onBytes);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

const NONE: ReadonlyMap<number, number> = new Map();
