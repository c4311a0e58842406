import { collectDelta, type Delta, type Examination, examineDelta, UNSEEN_PARENT } from '@goldstream/send-stream';
import { type Runner, startSend } from '@goldstream/system';
import { joined } from '@goldstream/transfer';
import { keepLittleGarbage } from '../inspect/keep-little-garbage.ts';
import { contentsOf } from './contents-of.ts';

/** Two read-only snapshots of one subvolume, by their paths. */
export interface SnapshotPair {
  readonly snapshot: string;
  readonly parent: string;
  readonly signal?: AbortSignal;
  /** Is told what is looked at: so many bytes of file contents are sent. */
  readonly onSize?: (sentBytes: number) => void;
  /** Hears of bytes that were read of either snapshot. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Tells what the incremental from `parent` to `snapshot` sends although the parent holds it: `btrfs send --no-data`
 * says which parts of which files, and both snapshots are read where they differ.
 */
export async function examineSnapshots(
  runner: Runner,
  { snapshot, parent, signal, onSize = () => {}, onBytes = () => {} }: SnapshotPair,
): Promise<Examination> {
  const delta = await deltaBetween(runner, { snapshot, parent, ...(signal === undefined ? {} : { signal }) });
  onSize(delta.files.reduce((sum, { sent }) => sum + sent.bytes, 0));
  return examineDelta(
    delta,
    { parent: contentsOf(parent), snapshot: contentsOf(snapshot) },
    {
      onBytes: (bytes) => {
        signal?.throwIfAborted();
        onBytes(bytes);
      },
    },
  );
}

async function deltaBetween(
  runner: Runner,
  { snapshot, parent, signal }: Pick<SnapshotPair, 'snapshot' | 'parent' | 'signal'>,
): Promise<Delta> {
  keepLittleGarbage();
  const options = { stdout: 'pipe', ...(signal === undefined ? {} : { signal }) } as const;
  const send = startSend(runner, { snapshot, parent, noData: true }, options);
  const { stdout } = send;
  if (stdout === undefined) throw new Error('a child without the pipe that was asked for');
  let delta: Delta | undefined;
  const collect = async () => {
    try {
      // A pipe without an encoding gives bytes. Our own kernel wrote them: the parent need not be asked about names.
      delta = await collectDelta(stdout as AsyncIterable<Uint8Array & string>, UNSEEN_PARENT);
    } catch (error) {
      // A stream that is cut off is what became of it; what `btrfs send` said is why.
      if ((error as { code?: unknown }).code === 'SEND_STREAM_TRUNCATED') await send.ended;
      throw error;
    }
  };
  await joined([collect(), send.ended], () => send.kill());
  if (delta === undefined) throw new Error('a reader ended without a result');
  return delta;
}
