import type { Stats } from 'node:fs';
import type { NodeKind } from '../src/index.ts';

/** What a name leads to, by `lstat`. */
export function kindOf(stats: Stats): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}
