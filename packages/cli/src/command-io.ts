import type { CommandIo, Io } from './io.ts';
import { lineProgress } from './line-progress.ts';
import { noProgress } from './progress.ts';
import { terminalProgress } from './terminal-progress.ts';

/** What tools get of the outside: stderr shared by story, warnings and progress, so that no line is torn. */
export function commandIo(io: Io, { quiet }: { readonly quiet: boolean }): CommandIo {
  const { signal } = io;
  const now = () => io.now();
  const plain = (line: string) => io.err(`${line}\n`);
  if (quiet) return { say() {}, warn: plain, progress: noProgress, signal, now };
  if (io.columns === undefined) return { say: plain, warn: plain, progress: lineProgress(plain, now), signal, now };
  const { progress, above } = terminalProgress((text) => io.err(text), io.columns, now);
  return { say: above, warn: above, progress, signal, now };
}
