import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Owner } from '@goldstream/component';
import { ReceiverError } from '../error.ts';
import { resolveInside } from './resolve-inside.ts';

/** Turns the names of a manifest into the numbers they have on a system. */
export type FindOwner = (owner: Owner | undefined) => { readonly uid: number; readonly gid: number };

/** Account databases are small; a larger file is none. */
const DATABASE_BYTES = 16 * 1024 * 1024;

/**
 * Owners as the system below `root` knows them: by its `/etc/passwd` and `/etc/group` (passwd(5), group(5)), so that the
 * answer for a tree is the same on every machine. Accounts that only a directory service knows are named by number.
 *
 * The function that it gives throws ReceiverError `TARGET_UNKNOWN_OWNER`.
 */
export async function findOwners(root: string): Promise<FindOwner> {
  const [users, groups] = await Promise.all([readDatabase(root, '/etc/passwd'), readDatabase(root, '/etc/group')]);
  return (owner) => {
    if (owner === undefined) return { uid: 0, gid: 0 };
    const user = users.get(owner.user);
    const uid = numberIn(owner.user) ?? numberIn(user?.[2]);
    if (uid === undefined) throw unknown(root, 'user', owner.user, '/etc/passwd');
    // A number without a name has no group of its own.
    if (owner.group === undefined) return { uid, gid: numberIn(user?.[3]) ?? uid };
    const gid = numberIn(owner.group) ?? numberIn(groups.get(owner.group)?.[2]);
    if (gid === undefined) throw unknown(root, 'group', owner.group, '/etc/group');
    return { uid, gid };
  };
}

async function readDatabase(root: string, path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { place } = await resolveInside(root, path);
  const text = await readBounded(place);
  const lines = text.split('\n').map((line) => line.split(':'));
  return new Map(lines.map((fields) => [fields[0] ?? '', fields]));
}

/** A tree without accounts knows none; a link in place of the file is not followed out of the tree. */
async function readBounded(place: string): Promise<string> {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined;
      throw error;
    },
  );
  if (file === undefined) return '';
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= DATABASE_BYTES ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function unknown(root: string, what: 'user' | 'group', name: string, file: string): ReceiverError {
  return new ReceiverError('TARGET_UNKNOWN_OWNER', `there is no ${what} ${name} in ${file} of ${root}`, {
    hint: `Create the ${what}, or give its number in the manifest.`,
  });
}
