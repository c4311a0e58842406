import type { Progress } from './progress.ts';
import type { ProgressFacts } from './render-progress.ts';

/** Who shows the progress. */
export interface Onlooker {
  started(facts: ProgressFacts): void;
  advanced(facts: ProgressFacts): void;
  stopped(facts: ProgressFacts): void;
}

/** Progress that counts, and leaves the showing to `onlooker`. */
export interface TrackedProgress extends Progress {
  /** The piece of work under way, if there is one. */
  current(): ProgressFacts | undefined;
}

/** Counts bytes and time. @param now milliseconds of a clock that never goes back */
export function trackProgress(now: () => number, onlooker: Onlooker): TrackedProgress {
  let work: Omit<ProgressFacts, 'elapsed'> | undefined;
  let startedAt = 0;
  const current = () => (work === undefined ? undefined : { ...work, elapsed: now() - startedAt });

  const stop = () => {
    const facts = current();
    work = undefined;
    if (facts !== undefined) onlooker.stopped(facts);
  };

  return {
    current,
    start({ label, totalBytes }) {
      stop();
      work = { label, totalBytes, doneBytes: 0 };
      startedAt = now();
      onlooker.started({ ...work, elapsed: 0 });
    },
    advance(bytes) {
      if (work === undefined) return;
      work = { ...work, doneBytes: work.doneBytes + bytes };
      onlooker.advanced({ ...work, elapsed: now() - startedAt });
    },
    stop,
  };
}
