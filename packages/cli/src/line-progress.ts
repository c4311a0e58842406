import { formatBytes } from './format-bytes.ts';
import { formatDuration } from './format-duration.ts';
import type { Progress } from './progress.ts';
import { fractionOf, type ProgressFacts, renderProgress } from './render-progress.ts';

/** A line at least this often, in milliseconds, while bytes move. */
const EVERY = 10_000;

/** Progress for logs: a line at the start, at every tenth of the way or every 10 seconds, and at the end. */
export function lineProgress(say: (line: string) => void, now: () => number): Progress {
  let work: { label: string; totalBytes: number | undefined; started: number; doneBytes: number } | undefined;
  let told = { tenth: 0, at: 0 };

  const facts = (): ProgressFacts | undefined => work && { ...work, elapsed: now() - work.started };
  const stop = () => {
    const end = facts();
    work = undefined;
    if (end) say(`  ${end.label}: ${formatBytes(end.doneBytes)} in ${formatDuration(end.elapsed)}`);
  };
  return {
    start({ label, totalBytes }) {
      stop();
      work = { label, totalBytes, started: now(), doneBytes: 0 };
      told = { tenth: 0, at: work.started };
      say(`  ${label}: ${totalBytes === undefined ? 'started' : formatBytes(totalBytes)}`);
    },
    advance(bytes) {
      if (work === undefined) return;
      work.doneBytes += bytes;
      const current = facts();
      if (current === undefined) return;
      const tenth = Math.floor((fractionOf(current) ?? 0) * 10);
      const due = now() - told.at >= EVERY || (tenth > told.tenth && tenth < 10);
      if (!due) return;
      told = { tenth, at: now() };
      say(`  ${current.label}: ${renderProgress(current)}`);
    },
    stop,
  };
}
