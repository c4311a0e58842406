import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SnapshotContents } from '@goldstream/send-stream';

/** The files of a read-only snapshot on this machine. Nothing but regular files is opened, and no access time moves. */
export function contentsOf(directory: string): SnapshotContents {
  const base = Buffer.from(`${directory}/`);
  return {
    open: async (path) => {
      const file = await open(Buffer.concat([base, Buffer.from(path, 'latin1')]), FLAGS).catch((error: unknown) => {
        if (NOTHING_TO_READ.has(String((error as NodeJS.ErrnoException).code))) return undefined;
        throw error;
      });
      const stats = await file?.stat();
      if (file === undefined || stats === undefined || !stats.isFile()) {
        await file?.close();
        return undefined;
      }
      return {
        size: stats.size,
        read: async (target, offset) => {
          let length = 0;
          while (length < target.length) {
            const { bytesRead } = await file.read(target, length, target.length - length, offset + length);
            if (bytesRead === 0) break;
            length += bytesRead;
          }
          return length;
        },
        [Symbol.asyncDispose]: () => file.close(),
      };
    },
  };
}

/** A FIFO must not make us wait. Only root, as whom the builder runs, may leave the access time of any file alone. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOATIME;

/** Nothing there, a symlink, a socket or a device that is no device here: no regular file. */
const NOTHING_TO_READ: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);
