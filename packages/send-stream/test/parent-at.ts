import * as fs from 'node:fs';
import type { NodeKind, ParentLookup } from '../src/index.ts';

/** What a name leads to, by `lstat`. */
export function kindOf(stats: fs.Stats): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

/** A real parent, as the receiver looks at it. */
export function parentAt(root: string): ParentLookup {
  return {
    find: (path) => {
      const stats = fs.lstatSync(Buffer.concat([Buffer.from(`${root}/`), path]), { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      const id = stats.nlink > 1 && !stats.isDirectory() ? { id: stats.ino } : {};
      return { kind: kindOf(stats), mode: stats.mode & 0o7777, ...id };
    },
  };
}
