import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Runner } from '../runner.ts';

/** One side of a comparison. */
export interface DiffSide {
  /** Absolute, as bytes: names that are not UTF-8 are files, too. Undefined: there is nothing. */
  readonly path: Uint8Array | undefined;
  /** What the side is called in the output. */
  readonly label: string;
}

/**
 * How two regular files differ, as `diff --unified` says it (diff(1)): empty when they do not, one line when they hold no
 * text. Symlinks are not followed.
 * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING`; the error of open(2) when one cannot be read
 */
export async function unifiedDiff(runner: Runner, before: DiffSide, after: DiffSide): Promise<string> {
  const files: FileHandle[] = [];
  try {
    const names: string[] = [];
    for (const { path } of [before, after]) {
      if (path === undefined) {
        names.push('/dev/null');
        continue;
      }
      files.push(await open(Buffer.from(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
      // A program's arguments are text and paths are bytes, so the files are handed over as descriptors.
      names.push(`/proc/self/fd/${files.length + 2}`);
    }
    const labels = [before, after].map(({ label }) => `--label=${label}`);
    const { stdout } = await runner.run(['diff', '--unified', ...labels, '--', ...names], {
      accept: [1],
      descriptors: files.map(({ fd }) => fd),
    });
    return stdout;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
