import { randomBytes } from 'node:crypto';
import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { awaitDeletedSubvolumes, deleteSubvolume, findSubvolume, syncDirectory } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import type { Incoming } from './step.ts';

/** Draws a name that no subvolume ever had. */
export function newIncomingName(): string {
  return `.incoming-${randomBytes(8).toString('hex')}`;
}

/**
 * Gives a subvolume that was proven its final name, durably. Nothing that is there is replaced.
 * @throws ReceiverError `RECEIVE_SUSPECT`
 */
export async function giveFinalName(from: string, to: string): Promise<void> {
  const taken = await lstat(to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (taken) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${to} appeared while ${from} was being received`, {
      hint: 'Look at it, move it away, and run the command again.',
    });
  }
  await rename(from, to);
  await syncDirectory(dirname(to));
}

/**
 * Deletes what a receive has made and did not finish, and waits until its space is back. A subvolume that was there
 * before, whatever its name, is left alone.
 */
export async function removeIncoming({ runner, layout }: Tools, { name, newestIdBefore }: Incoming): Promise<void> {
  const stub = await findSubvolume(runner, layout.incoming(name));
  if (stub === undefined || stub.id <= newestIdBefore) return;
  await deleteSubvolume(runner, stub.path);
  await awaitDeletedSubvolumes(runner, layout.pool);
}
