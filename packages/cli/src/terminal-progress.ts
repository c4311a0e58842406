import { formatBytes } from './format-bytes.ts';
import { formatDuration } from './format-duration.ts';
import type { Progress } from './progress.ts';
import { type ProgressFacts, renderProgressLine } from './render-progress.ts';

/** Redrawn at most this often, in milliseconds. */
const EVERY = 100;
/** Back to the first column and erase to the end of the line (ECMA-48: CR, EL). */
const ERASE = '\r\u001b[K';

/** Progress for a terminal: one line, redrawn in place. */
export interface TerminalProgress {
  readonly progress: Progress;
  /** Writes a whole line without tearing the one that is redrawn. */
  readonly above: (line: string) => void;
}

/** @param write to the terminal */
export function terminalProgress(write: (text: string) => void, columns: number, now: () => number): TerminalProgress {
  let work: { label: string; totalBytes: number | undefined; started: number; doneBytes: number } | undefined;
  let drawnAt = 0;

  const facts = (): ProgressFacts | undefined => work && { ...work, elapsed: now() - work.started };
  const draw = () => {
    const current = facts();
    if (current === undefined) return;
    drawnAt = now();
    write(`${ERASE}${renderProgressLine(current, columns)}`);
  };
  const stop = () => {
    const end = facts();
    work = undefined;
    if (end) write(`${ERASE}  ${end.label}: ${formatBytes(end.doneBytes)} in ${formatDuration(end.elapsed)}\n`);
  };
  const progress: Progress = {
    start({ label, totalBytes }) {
      stop();
      work = { label, totalBytes, started: now(), doneBytes: 0 };
      draw();
    },
    advance(bytes) {
      if (work === undefined) return;
      work.doneBytes += bytes;
      if (now() - drawnAt >= EVERY) draw();
    },
    stop,
  };
  const above = (line: string) => {
    write(`${work === undefined ? '' : ERASE}${line}\n`);
    draw();
  };
  return { progress, above };
}
