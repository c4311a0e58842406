import { readFileSync } from 'node:fs';
import { type Command, systemRunner } from '@goldstream/system';

/** What one run cost. */
export interface Timed {
  readonly seconds: number;
  /** Of the processors, by the command and all that it started. Says more than the time where others are at work too. */
  readonly cpuSeconds: number;
  readonly stdout: string;
}

/** Set by Ctrl-C; what runs then gets the signal itself, from the terminal. */
export const interrupted = new AbortController();

/** Runs a command to the end and takes the time of its whole process. `env` is what a shell script names. */
export async function timed(command: Command, env: Readonly<Record<string, string>> = {}): Promise<Timed> {
  interrupted.signal.throwIfAborted();
  const [start, cpuBefore] = [performance.now(), cpuOfChildren()];
  const stdout = await systemRunner.capture(command, { env });
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: cpuOfChildren() - cpuBefore, stdout };
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time of all children that were waited for, and of theirs: cutime and cstime (proc_pid_stat(5)). */
function cpuOfChildren(): number {
  // The second field, the program's name, may have spaces in it; what follows its closing bracket has none.
  const [, rest = ''] = /\) (.*)/.exec(readFileSync('/proc/self/stat', 'utf8')) ?? [];
  const fields = rest.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/**
 * The plain way is a shell pipeline, as people type it. Its one argument is the script that the table shows.
 */
export function shell(script: string): Command {
  return ['bash', '-o', 'pipefail', '-c', script];
}

/** Largest resident set of the process itself, without children, in bytes (VmHWM, proc_pid_status(5)). */
export async function peakMemory(command: Command): Promise<number> {
  interrupted.signal.throwIfAborted();
  const { pid, ended } = systemRunner.spawn(command);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, highWaterMark(pid));
  }, 5);
  try {
    await ended;
  } finally {
    clearInterval(timer);
  }
  return peak;
}

/** The mark only rises, so the last one that was read is the peak but for the last milliseconds. */
function highWaterMark(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // It has just ended.
  }
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The median of the ratios of the pairs, so that a slow minute of the machine counts on both sides. */
export function medianRatio(ours: readonly number[], plain: readonly number[]): number {
  return median(ratiosOf(ours, plain));
}

/** Of what a ratio is made, for people: both medians, and how far apart the pairs were. */
export function renderPairs(ours: readonly number[], plain: readonly number[]): string {
  const ratios = ratiosOf(ours, plain);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  return `${median(ours).toFixed(2)} s ÷ ${median(plain).toFixed(2)} s, pairs from ${least} to ${most}`;
}

function ratiosOf(ours: readonly number[], plain: readonly number[]): number[] {
  return ours.map((it, pair) => it / (plain[pair] ?? Number.NaN));
}
