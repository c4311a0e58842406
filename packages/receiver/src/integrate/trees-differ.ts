import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whether two trees differ in names, types, modes, owners, link texts or contents. Stops at the first difference.
 *
 * In two snapshots of one lineage an unchanged file has the same inode number and the same ctime, which nobody can set:
 * it is not read. So the usual upgrade costs a walk, and only a version that came as a full stream is compared by
 * content.
 */
export async function treesDiffer(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, { bigint: true }), lstat(other, { bigint: true })]);
  if (a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return true;
  if (a.isDirectory()) return namesOrBelowDiffer(one, other);
  if (a.isSymbolicLink()) return (await readlink(one)) !== (await readlink(other));
  if (!a.isFile()) return a.rdev !== b.rdev;
  if (a.size !== b.size) return true;
  const isSameInode = a.ino === b.ino && a.ctimeNs === b.ctimeNs;
  return !isSameInode && contentsDiffer(one, other);
}

async function namesOrBelowDiffer(one: string, other: string): Promise<boolean> {
  const [names, others] = await Promise.all([one, other].map(async (path) => (await readdir(path)).sort()));
  if (names === undefined || others === undefined || names.join('/') !== others.join('/')) return true;
  for (const name of names) if (await treesDiffer(join(one, name), join(other, name))) return true;
  return false;
}

const PIECE = 1024 * 1024;

/** Both files have the same size. */
async function contentsDiffer(one: string, other: string): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  await using a = await open(one, flags);
  await using b = await open(other, flags);
  const [left, right] = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  for (let position = 0; ; ) {
    const [{ bytesRead }, again] = await Promise.all([
      a.read(left, 0, PIECE, position),
      b.read(right, 0, PIECE, position),
    ]);
    if (bytesRead !== again.bytesRead) return true;
    if (bytesRead === 0) return false;
    if (!left.subarray(0, bytesRead).equals(right.subarray(0, bytesRead))) return true;
    position += bytesRead;
  }
}
