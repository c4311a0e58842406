import { RECOGNISABLE_LENGTH, recogniseFile } from '../file-kind.ts';
import type { ByteRanges } from './byte-ranges.ts';
import { compareRanges } from './compare-ranges.ts';
import type { OpenContent } from './contents.ts';
import type { Counterparts } from './counterparts.ts';
import type { SentFile } from './delta.ts';
import type { ExaminedFile } from './examination.ts';

/** An examined file of which moved blocks were not looked for yet. */
export interface ComparedFile extends Omit<ExaminedFile, 'movedBytes' | 'heldBy' | 'isHolderGone'> {
  /** Sent blocks that the counterpart does not hold at the same place. */
  readonly different: ByteRanges;
}

/** Compares what was sent of a file with its counterpart in the parent. */
export async function compareFile(
  file: SentFile,
  now: OpenContent,
  counterparts: Counterparts,
  onBytes: (bytes: number) => void,
): Promise<ComparedFile> {
  const { size } = now;
  const sent = file.sent.within(size);
  const facts = { path: file.path, size, sentBytes: sent.bytes, compressed: await compressionOf(now) };
  const counterpart = await counterparts.find(file, size);
  if (counterpart === undefined) {
    return { ...facts, manner: 'created', before: undefined, equalBytes: 0, isUnchanged: false, different: sent };
  }
  await using before = counterpart.content;
  const { equal, different } = await compareRanges(now, before, sent, onBytes);
  return {
    ...facts,
    manner: counterpart.manner,
    before: counterpart.path,
    equalBytes: equal,
    isUnchanged: equal === sent.bytes && before.size === size && (await isEqualBeside(file, now, before, onBytes)),
    different,
  };
}

/**
 * Whether the bytes that were not sent are equal too. Of the parent's own file only clones can differ: the rest was not
 * touched. Of a new one these are its holes and clones.
 */
async function isEqualBeside(
  { origin, sent, cloned }: SentFile,
  now: OpenContent,
  before: OpenContent,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const { different } = await compareRanges(
    now,
    before,
    origin.kind === 'kept' ? cloned : sent.gaps(now.size),
    onBytes,
  );
  return different.bytes === 0;
}

async function compressionOf(file: OpenContent): Promise<string | undefined> {
  const start = new Uint8Array(RECOGNISABLE_LENGTH);
  const kind = recogniseFile(start.subarray(0, await file.read(start, 0)))?.says;
  return kind !== undefined && COMPRESSED.has(kind) ? kind : undefined;
}

/** Names that {@link recogniseFile} has for data in which a small change moves everything after it. */
const COMPRESSED: ReadonlySet<string> = new Set([
  'a zstd frame',
  'gzip data',
  'xz data',
  'bzip2 data',
  'an LZ4 frame',
  'a zip archive',
]);
