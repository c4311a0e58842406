import { formatBytes } from './format-bytes.ts';
import { formatDuration } from './format-duration.ts';

/** How far a piece of work is. */
export interface ProgressFacts {
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes?: number | undefined;
  /** Milliseconds since its start. */
  readonly elapsed: number;
}

/** Cells of the bar, without its brackets. */
const BAR = 24;

/** The line of a terminal: `fetch [######      ] 25.0 % · 1.0 GiB of 4.0 GiB · 120.0 MiB/s · 25.6 s left`, cut to `columns`. */
export function renderProgressLine(facts: ProgressFacts, columns: number): string {
  const fraction = fractionOf(facts);
  const filled = fraction === undefined ? 0 : Math.floor(fraction * BAR);
  const bar = fraction === undefined ? [] : [`[${'#'.repeat(filled).padEnd(BAR)}]`];
  const line = `${[facts.label, ...bar].join(' ')} ${renderProgress(facts)}`;
  // The last column stays free: some terminals wrap when it is written.
  return line.slice(0, Math.max(0, columns - 1));
}

/** The same in words: `25.0 % · 1.0 GiB of 4.0 GiB · 120.0 MiB/s · 25.6 s left`. */
export function renderProgress(facts: ProgressFacts): string {
  const { doneBytes, totalBytes, elapsed } = facts;
  const fraction = fractionOf(facts);
  const parts = [
    ...(fraction === undefined ? [] : [`${(fraction * 100).toFixed(1)} %`]),
    totalBytes === undefined ? formatBytes(doneBytes) : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
  ];
  if (elapsed > 0 && doneBytes > 0) {
    parts.push(`${formatBytes((doneBytes / elapsed) * 1000)}/s`);
    const left = (totalBytes ?? 0) - doneBytes;
    if (left > 0) parts.push(`${formatDuration((left / doneBytes) * elapsed)} left`);
  }
  return parts.join(' · ');
}

/** What is said when it is over: `fetch: 4.0 GiB in 1 min 05 s`. */
export function renderEnd({ label, doneBytes, elapsed }: ProgressFacts): string {
  return `${label}: ${formatBytes(doneBytes)} in ${formatDuration(elapsed)}`;
}

/** Between 0 and 1, also when there was more than announced; `undefined` when the total is not known. */
export function fractionOf({ doneBytes, totalBytes }: ProgressFacts): number | undefined {
  if (totalBytes === undefined) return undefined;
  return totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
}
