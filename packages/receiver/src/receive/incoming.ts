import { randomBytes } from 'node:crypto';
import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Version } from '@goldstream/release';
import {
  awaitDeletedSubvolumes,
  deleteSubvolume,
  findSubvolume,
  showSubvolume,
  syncDirectory,
} from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { removeVersionRecord } from '../state/store-records.ts';
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

/** Takes away what a failed receive has made, and its record: then the host is as it was before. */
export async function removeIncoming(
  tools: Tools,
  version: Version,
  { name, newestIdBefore }: Incoming,
): Promise<void> {
  const stub = await findSubvolume(tools.runner, tools.layout.incoming(name));
  if (stub !== undefined && stub.id > newestIdBefore) await removeUnfinished(tools, stub.path, stub.uuid);
  await removeVersionRecord(tools.layout, version);
}

/**
 * Deletes a subvolume while it is the one that was looked at, and waits until its space is back.
 * @throws ReceiverError `RECEIVE_SUSPECT` when it is another one by now
 */
export async function removeUnfinished({ runner, layout }: Tools, path: string, uuid: string): Promise<void> {
  const found = await showSubvolume(runner, path);
  if (found.uuid !== uuid) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${path} is subvolume ${found.uuid} now, expected ${uuid}`);
  }
  await deleteSubvolume(runner, path);
  await awaitDeletedSubvolumes(runner, layout.pool);
}
