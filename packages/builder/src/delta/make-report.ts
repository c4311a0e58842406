import { adviseOn, type Examination, type ExaminedFile, pathText } from '@goldstream/send-stream';
import type { DeltaReport } from './report.ts';

/** Files that a report names. */
const MOST_FILES = 1000;

/** The report of an examination. */
export function makeReport(
  { sentBytes, wastedBytes, isPartial, files }: Examination,
  of: Pick<DeltaReport, 'version' | 'uuid' | 'parent' | 'rawBytes'>,
): DeltaReport {
  const worstFirst = [...files].sort((a, b) => wasteOf(b) - wasteOf(a) || b.sentBytes - a.sentBytes);
  return {
    ...of,
    sentBytes,
    wastedBytes,
    isPartial,
    sentFiles: files.length,
    wastedFiles: files.filter((file) => wasteOf(file) > 0).length,
    files: worstFirst.slice(0, MOST_FILES).map(describe),
    advice: adviseOn({ sentBytes, wastedBytes, isPartial, files }).map(({ examples, ...advice }) => ({
      ...advice,
      examples: examples.map(pathText),
    })),
  };
}

function wasteOf({ equalBytes, movedBytes }: ExaminedFile): number {
  return equalBytes + movedBytes;
}

function describe(file: ExaminedFile): DeltaReport['files'][number] {
  const { path, manner, before, size, sentBytes, equalBytes, movedBytes, heldBy, isUnchanged, compressed } = file;
  return {
    path: pathText(path),
    manner,
    ...(before === undefined ? {} : { before: pathText(before) }),
    size,
    sentBytes,
    equalBytes,
    movedBytes,
    ...(heldBy === undefined ? {} : { heldBy: pathText(heldBy) }),
    isUnchanged,
    ...(compressed === undefined ? {} : { compressed }),
  };
}
