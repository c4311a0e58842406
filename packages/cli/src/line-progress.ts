import { formatBytes } from './format-bytes.ts';
import type { Progress } from './progress.ts';
import { fractionOf, renderEnd, renderProgress } from './render-progress.ts';
import { trackProgress } from './track-progress.ts';

/** A line at least this often, in milliseconds, while bytes move. */
const AT_LEAST_EVERY = 10_000;
/** And never more often than this: work that takes a moment has a beginning and an end. */
const AT_MOST_EVERY = 1_000;

/** Progress for logs: a line at the start, at every tenth of the way or every 10 seconds, and at the end. */
export function lineProgress(say: (line: string) => void, now: () => number): Progress {
  let told = { tenth: 0, elapsed: 0 };
  return trackProgress(now, {
    started({ label, totalBytes }) {
      told = { tenth: 0, elapsed: 0 };
      say(`  ${label}: ${totalBytes === undefined ? 'size not known' : formatBytes(totalBytes)}`);
    },
    advanced(facts) {
      const tenth = Math.floor((fractionOf(facts) ?? 0) * 10);
      // The last tenth is told by the end.
      const passed = tenth > told.tenth && tenth < 10;
      if (facts.elapsed - told.elapsed < (passed ? AT_MOST_EVERY : AT_LEAST_EVERY)) return;
      told = { tenth, elapsed: facts.elapsed };
      say(`  ${facts.label}: ${renderProgress(facts)}`);
    },
    stopped: (facts) => say(`  ${renderEnd(facts)}`),
  });
}
