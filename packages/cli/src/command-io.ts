import { formatVisibleLine } from './format-visible.ts';
import type { CommandIo, Io } from './io.ts';
import { lineProgress } from './line-progress.ts';
import { noProgress } from './progress.ts';
import { terminalProgress } from './terminal-progress.ts';

/** What tools get of the outside: story, warnings and progress share stderr, and no line is torn. */
export function commandIo(io: Io, { quiet }: { readonly quiet: boolean }): CommandIo {
  const { signal } = io;
  const now = () => io.now();
  const plain = (line: string) => io.err(`${formatVisibleLine(line)}\n`);
  if (quiet) return { say() {}, warn: plain, progress: noProgress, signal, now };

  const { columns } = io;
  if (columns === undefined) return { say: plain, warn: plain, progress: lineProgress(plain, now), signal, now };

  const width = () => io.columns ?? columns;
  const { progress, above } = terminalProgress((text) => io.err(text), width, now);
  return { say: above, warn: above, progress, signal, now };
}
