import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Runner } from '../runner.ts';
import { renderRestore } from './render-restore.ts';
import type { XattrChange } from './xattrs.ts';

/** Open descriptors handed to one setfattr. */
const BATCH = 64;

/**
 * Removes and sets extended attributes: one run of setfattr for everything that is set, one per 64 paths and name for
 * what is removed. Symlinks are not followed; only files and directories can have attributes removed.
 * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING`
 */
export async function writeXattrs(runner: Runner, changes: readonly XattrChange[]): Promise<void> {
  for (const [name, paths] of removalsByName(changes)) {
    for (let start = 0; start < paths.length; start += BATCH) {
      await removeXattr(runner, name, paths.slice(start, start + BATCH));
    }
  }
  const restore = changes.filter(({ set }) => set.size > 0).map(({ path, set }) => renderRestore(path, set));
  if (restore.length === 0) return;
  await runner.capture(['setfattr', '-h', '--restore=-'], { input: Buffer.from(restore.join(''), 'latin1') });
}

function removalsByName(changes: readonly XattrChange[]): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { path, remove } of changes) {
    for (const name of remove) paths.set(name, [...(paths.get(name) ?? []), path]);
  }
  return paths;
}

/** A program's arguments are text and paths are bytes, so the files are handed over as descriptors. */
async function removeXattr(runner: Runner, name: string, paths: readonly string[]): Promise<void> {
  const files: FileHandle[] = [];
  try {
    for (const path of paths) {
      files.push(
        await open(
          Buffer.from(path, 'latin1'),
          constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOATIME,
        ),
      );
    }
    const targets = files.map((_, index) => `/proc/self/fd/${index + 3}`);
    const text = Buffer.from(name, 'latin1').toString('utf8');
    await runner.capture(['setfattr', '-x', text, '--', ...targets], { descriptors: files.map(({ fd }) => fd) });
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
