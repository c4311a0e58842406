import { dirname } from 'node:path';
import type { ReleaseManifest } from '@goldstream/release';
import { HeadReader } from '@goldstream/send-stream';
import { type Runner, type SubvolumeFacts, showSubvolume, startSend, syncFilesystem } from '@goldstream/system';
import { TransferError } from './error.ts';

/** A received snapshot that is on disk and is what its manifest names. */
export interface ReceivedSnapshot {
  readonly subvolume: SubvolumeFacts;
  /** The host's own transid of the last change: compared before the snapshot serves as a parent. */
  readonly hostCtransid: number;
}

/**
 * Syncs the filesystem and only then looks: `btrfs receive` ends with 0 while data is still only in memory, and its
 * exit code is no verdict either way. Demands read-only, the received UUID and the sender's transid of the manifest.
 * @throws TransferError `TRANSFER_INCOMPLETE`
 */
export async function lookAtReceived(
  runner: Runner,
  path: string,
  { snapshot }: Pick<ReleaseManifest, 'snapshot'>,
): Promise<ReceivedSnapshot> {
  await syncFilesystem(runner, dirname(path));
  const subvolume = await showSubvolume(runner, path);
  const problem = receivedProblem(subvolume, snapshot);
  if (problem !== undefined) throw new TransferError('TRANSFER_INCOMPLETE', `${path} ${problem}`);
  return { subvolume, hostCtransid: await readHostCtransid(runner, path) };
}

/** Why a subvolume is not the finished copy of a snapshot, or undefined when it is (as far as its root item tells). */
export function receivedProblem(
  { readonly, receivedUuid, sendTransid }: SubvolumeFacts,
  { uuid, transid }: ReleaseManifest['snapshot'],
): string | undefined {
  if (!readonly) return 'is writable: its receive was not finished, or it was changed afterwards';
  if (receivedUuid !== uuid) return `came from ${receivedUuid ?? 'an unfinished stream'}, expected ${uuid}`;
  if (sendTransid !== transid) return `was sent at transid ${sendTransid ?? 'unknown'}, expected ${transid}`;
  return undefined;
}

/**
 * The `ctransid` of a read-only subvolume on this host. No program prints it, but the first command of a stream sent
 * from the subvolume names it (send.c, `send_subvol_begin`); nothing more is read of that stream.
 */
export async function readHostCtransid(runner: Runner, snapshot: string): Promise<number> {
  const send = startSend(runner, { snapshot, noData: true }, { stdout: 'pipe' });
  const head = new HeadReader();
  for await (const chunk of send.stdout ?? []) {
    // A pipe without an encoding gives bytes.
    if (head.push(chunk as Uint8Array) !== undefined) break;
  }
  send.kill('SIGKILL');
  // It was killed, or it had ended: either way the head is what was wanted. Without one, what it said is the cause.
  const failure = await send.ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (head.head === undefined && failure !== undefined) throw failure;
  return Number(head.end().transid);
}
