import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { TreeError } from '../error.ts';
import { type PathBytes, pathToBuffer, showPath } from '../path-bytes.ts';
import type { StoredFile } from '../tree.ts';
import { READ_SIZE, readExactly, refuseChanged, withStoredFile } from '../walk/stored-file.ts';
import type { BlockRange } from './step.ts';

/**
 * Makes a new file with the contents of another one: a reflink where both are on one Btrfs, else a copy.
 * @throws TreeError `TREE_CHANGED_MEANWHILE` when the source is not what it was
 */
export async function writeFile(from: StoredFile, to: PathBytes): Promise<void> {
  await withStoredFile(from, async (handle) => {
    await copyFile(pathToBuffer(from.at), pathToBuffer(to), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await refuseChanged(from, handle);
  });
}

/**
 * Gives a file the contents of another one by writing only these ranges: the inode and all other extents stay.
 * @throws TreeError `TREE_CHANGED_MEANWHILE` when either file is not what it was
 */
export async function patchFile(
  from: StoredFile,
  to: PathBytes,
  { was, ranges }: { was: number; ranges: readonly BlockRange[] },
): Promise<void> {
  await using target = await open(pathToBuffer(to), constants.O_RDWR | constants.O_NOFOLLOW);
  const { size } = await target.stat();
  if (size !== was) {
    throw new TreeError('TREE_CHANGED_MEANWHILE', `${showPath(to)} has ${size} bytes, expected ${was}`, {
      hint: 'Run the command again when nothing else writes there.',
    });
  }
  const buffer = Buffer.allocUnsafeSlow(READ_SIZE);
  await withStoredFile(from, async (source) => {
    for (const { position, length } of pieces(ranges)) {
      const bytes = await readExactly(from, source, buffer, { position, length });
      for (let done = 0; done < length; ) {
        done += (await target.write(bytes, done, length - done, position + done)).bytesWritten;
      }
    }
    await refuseChanged(from, source);
  });
  if (from.size < was) await target.truncate(from.size);
}

function* pieces(ranges: readonly BlockRange[]): Generator<{ position: number; length: number }> {
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += READ_SIZE) {
      yield { position: offset + done, length: Math.min(READ_SIZE, length - done) };
    }
  }
}
