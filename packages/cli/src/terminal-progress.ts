import { formatVisibleLine } from './format-visible.ts';
import type { Progress } from './progress.ts';
import { type ProgressFacts, renderEnd, renderProgressLine } from './render-progress.ts';
import { trackProgress } from './track-progress.ts';

/** Redrawn at most this often, in milliseconds. */
const EVERY = 100;
/** Back to the first column and erase to the end of the line (ECMA-48: CR, EL). */
const ERASE = '\r\u001b[K';

/** One line at the bottom of the story. */
export interface TerminalProgress {
  readonly progress: Progress;
  /** Writes a whole line without tearing the one that is redrawn. */
  readonly above: (line: string) => void;
}

/**
 * Progress for a terminal: one line, redrawn in place.
 * @param write to the terminal
 * @param columns its width, asked for at every drawing
 */
export function terminalProgress(
  write: (text: string) => void,
  columns: () => number,
  now: () => number,
): TerminalProgress {
  let drawnAt = 0;
  const draw = (facts: ProgressFacts) => {
    drawnAt = now();
    write(`${ERASE}${formatVisibleLine(renderProgressLine(facts, columns()))}`);
  };
  const progress = trackProgress(now, {
    started: draw,
    advanced: (facts) => {
      if (now() - drawnAt >= EVERY) draw(facts);
    },
    stopped: (facts) => write(`${ERASE}  ${formatVisibleLine(renderEnd(facts))}\n`),
  });
  const above = (line: string) => {
    const facts = progress.current();
    write(`${facts === undefined ? '' : ERASE}${formatVisibleLine(line)}\n`);
    if (facts !== undefined) draw(facts);
  };
  return { progress, above };
}
