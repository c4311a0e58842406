import { chmod, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';

const MIB = 1024 * 1024;

/** What takes up the space of a disk until disposed. */
export interface Ballast extends AsyncDisposable {
  readonly file: string;
}

/** Takes up space until about `free` bytes are left for data. When disposed, the space is free again. */
export async function leaveFree(mountPoint: string, free: number): Promise<Ballast> {
  const file = join(mountPoint, 'ballast');
  const { bavail, bsize } = await statfs(mountPoint);
  // What is free for data, and not in chunks of metadata yet, comes and goes: the most that it will give.
  for (let bytes = bavail * bsize - free; bytes > 0; bytes -= MIB) {
    const { exitCode } = await systemRunner.run(['fallocate', '--length', String(bytes), file], { accept: [1] });
    if (exitCode === 0) break;
  }
  await systemRunner.run(['sync', '--file-system', mountPoint]);
  return {
    file,
    [Symbol.asyncDispose]: async () => {
      await rm(file, { force: true });
      await systemRunner.run(['sync', '--file-system', mountPoint]);
    },
  };
}

/**
 * Puts a program in `path`, a directory of `pathWithout`, in front of the real one: its first `bytes` of output pass,
 * then `command` runs, then the rest passes. With a command that fills the disk it is a stream at whose n-th byte the
 * disk is full, whatever was free when that was looked at.
 */
export async function actAtByte(
  path: string,
  {
    program,
    bytes,
    command,
  }: { readonly program: string; readonly bytes: number; readonly command: readonly string[] },
): Promise<void> {
  const file = join(path, program);
  const real = (await systemRunner.capture(['which', program])).trim();
  await rm(file, { force: true });
  const script = `#!/bin/bash
set -o pipefail
case "$*" in *--version*) exec ${quoted(real)} "$@" ;; esac
${quoted(real)} "$@" | { head --bytes=${bytes}; ${command.map(quoted).join(' ')} </dev/null >/dev/null 2>&1; cat; }
`;
  await writeFile(file, script, { flag: 'wx' });
  await chmod(file, 0o755);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
