import { closeSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { openPipe, type Pipe, type Runner, startDecompress, startReceive } from '@goldstream/system';
import { RelayedError } from './error.ts';
import { BrokenPipe, joined } from './joined.ts';
import { runPump } from './pump.ts';
import type { Inspection } from './pump-job.ts';
import { type Patience, unlessStalled } from './unless-stalled.ts';
import { WriteBack } from './write-back.ts';

const writeAsync = promisify(write);

/** A stream on its way into a directory. */
export interface StreamRequest {
  /** A view is done with when the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly encoding: 'zstd' | 'raw';
  readonly guard: Extract<Inspection, { kind: 'guard' }>;
  /** A directory on Btrfs that only root may enter. */
  readonly into: string;
  /** How long to wait for `bytes`. */
  readonly patience: Omit<Patience, 'signal'>;
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes that were handed on, as they came. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * bytes → `zstd -d` where they need it → guard → `btrfs receive --chroot`. A command is handed on after the guard has
 * seen it whole. Nothing is kept on disk but what `btrfs receive` writes.
 *
 * That this resolves is not proof that the subvolume is complete and on disk: sync, then look (`lookAtReceived`).
 * When it rejects (after an abort: with the signal's reason), an unfinished subvolume may be left; the caller, who knows
 * whether it was there before, removes it.
 */
export async function receiveStream(
  runner: Runner,
  { bytes, encoding, guard: inspection, into, patience, signal, onBytes = () => {} }: StreamRequest,
): Promise<void> {
  const [raw, guarded] = await Promise.all([openPipe(runner), openPipe(runner)]);
  const aborting = signal === undefined ? {} : { signal };
  const receive = startReceive(runner, into, { stdin: guarded.readEnd, ...aborting });
  closeSync(guarded.readEnd);
  const zstd = encoding === 'zstd' ? await decompressInto(runner, raw, signal) : undefined;
  const entrance = zstd?.entrance ?? raw.writeEnd;

  /** What waits for bytes that may never come is told when nobody needs them any more. */
  const halt = new AbortController();
  let fed = false;
  /** Whether the stream ends early because `btrfs receive` did. */
  let deserted = false;
  const writeBack = new WriteBack(runner, into);
  const feed = async () => {
    try {
      const waiting = {
        ...patience,
        signal: signal === undefined ? halt.signal : AbortSignal.any([signal, halt.signal]),
      };
      for await (const chunk of unlessStalled(bytes, waiting)) {
        signal?.throwIfAborted();
        await writeWhole(entrance, chunk);
        onBytes(chunk.length);
      }
      fed = true;
    } finally {
      closeSync(entrance);
    }
  };
  const judge = async () => {
    try {
      await runPump({ from: raw.readEnd, to: guarded.writeEnd, inspection }, (moved) => writeBack.add(moved));
    } catch (error) {
      if (!(error instanceof RelayedError && error.code === 'SEND_STREAM_TRUNCATED')) throw error;
      if (deserted) throw new BrokenPipe();
      // A stream that is cut off is what became of it; what `zstd` said, if it failed, is why.
      await zstd?.running.ended;
      throw error;
    }
  };
  /** Who waits for bytes does not see that nobody takes them any more: the end of its input wakes the guard. */
  const wakeGuard = () => {
    const isStillToCome = zstd === undefined ? !fed : zstd.running.kill();
    if (!isStillToCome) return;
    deserted = true;
    halt.abort(new BrokenPipe());
  };
  const guard = judge();
  // Each program waits for the guard between them to say whether its own failure is the cause: `zstd` also fails when
  // nobody reads, and `btrfs receive` when its input was cut off.
  const decompressed = zstd?.running.ended.catch(async (error: unknown) => {
    await guard;
    throw error;
  });
  const received = receive.ended.catch(async (error: unknown) => {
    wakeGuard();
    await guard.catch((why: unknown) => {
      if (!(why instanceof BrokenPipe)) throw why;
    });
    throw error;
  });

  try {
    await joined([feed(), ...(decompressed === undefined ? [] : [decompressed]), guard, received], () => {
      halt.abort(new BrokenPipe());
      zstd?.running.kill();
      receive.kill();
    });
  } finally {
    await writeBack.end();
    // Whatever programs say that were ended by it, the abort is the cause.
    signal?.throwIfAborted();
  }
}

/** A decompressor whose output is the pipe; what is to be decompressed goes into `entrance`. */
async function decompressInto(runner: Runner, raw: Pipe, signal: AbortSignal | undefined) {
  const compressed = await openPipe(runner);
  const running = startDecompress(runner, {
    stdin: compressed.readEnd,
    stdout: raw.writeEnd,
    ...(signal === undefined ? {} : { signal }),
  });
  for (const childs of [compressed.readEnd, raw.writeEnd]) closeSync(childs);
  return { running, entrance: compressed.writeEnd };
}

async function writeWhole(descriptor: number, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await writeAsync(descriptor, chunk, written, chunk.length - written)).bytesWritten;
  }
}
