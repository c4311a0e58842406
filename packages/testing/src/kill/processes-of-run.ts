import { readdirSync, readFileSync } from 'node:fs';

/** A process and what it was started as. */
export interface ProcessOfRun {
  readonly pid: number;
  readonly command: string;
}

/** The processes that have `run` in their environment, this one left out: children, theirs, and orphans too. */
export function processesOfRun(run: string): readonly ProcessOfRun[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid) && read(name, 'environ').includes(run))
    .map((name) => ({ pid: Number(name), command: read(name, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Empty for a process that has ended, or is a zombie. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
