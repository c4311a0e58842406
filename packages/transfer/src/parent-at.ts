import { lstatSync, type Stats } from 'node:fs';
import { displayPath, type NodeKind, type ParentLookup } from '@goldstream/send-stream';
import { TransferError } from './error.ts';

/**
 * A look at a received snapshot on this host. Follows no symlink: the guard asks for names below directories only, and
 * lstat(2) looks at the last one itself.
 * @param directory absolute path of the snapshot
 * @throws TransferError `TRANSFER_PARENT_UNREADABLE` from `find`, for every error but that there is nothing
 */
export function parentAt(directory: string): ParentLookup {
  const base = Buffer.from(`${directory}/`);
  return {
    find: (path) => {
      const stats = lookAt(Buffer.concat([base, path]));
      if (stats === undefined) return undefined;
      // Needed only where there are several names; a directory has one, whatever its link count says.
      const id = stats.nlink > 1 && !stats.isDirectory() ? { id: stats.ino } : {};
      return { kind: kindOf(stats), mode: stats.mode & 0o7777, ...id };
    },
  };
}

function lookAt(path: Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new TransferError('TRANSFER_PARENT_UNREADABLE', `${displayPath(path)} cannot be looked at: ${code}`, {
      cause,
    });
  }
}

function kindOf(stats: Stats): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}
