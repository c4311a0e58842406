import { formatBytes } from '@goldstream/cli';
import type { DeltaReport } from './report.ts';

/** Files that are named; the others are counted. */
const MOST_NAMED = 10;

/** What a person is told after a stream was made, line by line. */
export function renderReport(report: DeltaReport): readonly string[] {
  const { version, parent, sentBytes, wastedBytes, rawBytes, wastedFiles, isPartial, advice } = report;
  const sends = `${version} from ${parent.version} sends ${formatBytes(sentBytes)} of file contents`;
  const wasted = report.files.filter((file) => wasteOf(file) > 0);
  const named = wasted.slice(0, MOST_NAMED);
  return [
    wastedBytes === 0
      ? `${sends}, nothing that the parent holds`
      : `${sends}; the parent holds ${formatBytes(wastedBytes)} of them, ${shareOf(wastedBytes, rawBytes)} of the stream:`,
    ...named.map((file) => `  ${formatBytes(wasteOf(file)).padStart(10)}  ${file.path} (${describe(file)})`),
    ...(wastedFiles > named.length ? [`  and ${wastedFiles - named.length} more files`] : []),
    ...(isPartial
      ? ['  there may be more: the parent holds more contents than are looked through for moved blocks']
      : []),
    ...advice.map(
      ({ files, bytes, says, advice: what, examples }) =>
        `  ${formatBytes(bytes)} in ${files === 1 ? examples[0] : `${files} files`}: ${says}. ${what}`,
    ),
  ];
}

/** The files that weigh most, in one line: those that were sent in vain, else those that were sent. */
export function renderTopFiles({ files, wastedBytes }: DeltaReport, most: number): string {
  const weigh = wastedBytes > 0 ? wasteOf : ({ sentBytes }: File) => sentBytes;
  return files
    .filter((file) => weigh(file) > 0)
    .slice(0, most)
    .map((file) => `${file.path} (${formatBytes(weigh(file))})`)
    .join(', ');
}

type File = DeltaReport['files'][number];

function wasteOf({ equalBytes, movedBytes }: File): number {
  return equalBytes + movedBytes;
}

function describe({ manner, isUnchanged, path, before, movedBytes, heldBy }: File): string {
  return [
    isUnchanged ? `${manner}, unchanged` : manner,
    ...(before === undefined || before === path ? [] : [`was ${before}`]),
    ...(movedBytes === 0 ? [] : [`${formatBytes(movedBytes)} moved${heldBy === before ? '' : ` from ${heldBy}`}`]),
  ].join(', ');
}

function shareOf(bytes: number, of: number): string {
  return `${((100 * bytes) / Math.max(of, 1)).toFixed(1)} %`;
}
