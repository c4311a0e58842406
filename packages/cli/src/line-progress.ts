import { formatBytes } from './format-bytes.ts';
import type { Progress } from './progress.ts';
import { fractionOf, renderEnd, renderProgress } from './render-progress.ts';
import { trackProgress } from './track-progress.ts';

/** A line at least this often, in milliseconds, while bytes move. */
const EVERY = 10_000;

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
      if (!passed && facts.elapsed - told.elapsed < EVERY) return;
      told = { tenth, elapsed: facts.elapsed };
      say(`  ${facts.label}: ${renderProgress(facts)}`);
    },
    stopped: (facts) => say(`  ${renderEnd(facts)}`),
  });
}
