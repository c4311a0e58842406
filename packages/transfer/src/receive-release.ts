import { closeSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { ReleaseManifest, StreamEntry } from '@goldstream/release';
import { type Store, verifiedStream } from '@goldstream/store';
import { openPipe, type Runner, startDecompress, startReceive } from '@goldstream/system';
import { RelayedError } from './error.ts';
import { BrokenPipe, joined } from './joined.ts';
import { runPump } from './pump.ts';
import { WriteBack } from './write-back.ts';

const writeAsync = promisify(write);

/** Which stream of which release goes where. */
export interface ReceiveRequest {
  readonly store: Store;
  readonly manifest: ReleaseManifest;
  readonly stream: StreamEntry;
  /** A directory on Btrfs that only root may enter; the stream makes the subvolume `manifest.snapshot.name` in it. */
  readonly into: string;
  readonly signal?: AbortSignal;
  /** Hears of asset bytes that were verified and handed on. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * store → verified chunks → `zstd -d` → guard → `btrfs receive --chroot`. A byte is handed on after its chunk was
 * verified, a command after the guard has seen it whole. Nothing is kept on disk but what `btrfs receive` writes.
 *
 * That this resolves is not proof that the subvolume is complete and on disk: sync, then look (`lookAtReceived`).
 * When it rejects (after an abort: with the signal's reason), an unfinished subvolume may be left; the caller, who knows
 * whether it was there before, removes it.
 */
export async function receiveRelease(
  runner: Runner,
  { store, manifest, stream, into, signal, onBytes = () => {} }: ReceiveRequest,
): Promise<void> {
  const [compressed, raw, guarded] = await Promise.all([openPipe(runner), openPipe(runner), openPipe(runner)]);
  const aborting = signal === undefined ? {} : { signal };
  const zstd = startDecompress(runner, { stdin: compressed.readEnd, stdout: raw.writeEnd, ...aborting });
  const receive = startReceive(runner, into, { stdin: guarded.readEnd, ...aborting });
  for (const childs of [compressed.readEnd, raw.writeEnd, guarded.readEnd]) closeSync(childs);

  const writeBack = new WriteBack(runner, into);
  const feed = async () => {
    try {
      for await (const chunk of verifiedStream(store, manifest, stream)) {
        signal?.throwIfAborted();
        await writeWhole(compressed.writeEnd, chunk);
        onBytes(chunk.length);
      }
    } finally {
      closeSync(compressed.writeEnd);
    }
  };
  const { snapshot } = manifest;
  const expectation = {
    name: snapshot.name,
    uuid: snapshot.uuid,
    transid: BigInt(snapshot.transid),
    maxBytes: stream.rawBytes,
    ...(stream.kind === 'incremental' ? { parentUuid: stream.parent.uuid } : {}),
  };
  const judge = async () => {
    try {
      const inspection = { kind: 'guard', expectation } as const;
      await runPump({ from: raw.readEnd, to: guarded.writeEnd, inspection }, (bytes) => writeBack.add(bytes));
    } catch (error) {
      // A stream that is cut off is what became of it; what `zstd` said, if it failed, is why.
      if (error instanceof RelayedError && error.code === 'SEND_STREAM_TRUNCATED') await zstd.ended;
      throw error;
    }
  };
  const guard = judge();
  // Each program waits for the guard between them to say whether its own failure is the cause: `zstd` also fails when
  // nobody reads, and `btrfs receive` when its input was cut off.
  const decompressed = zstd.ended.catch(async (error: unknown) => {
    await guard;
    throw error;
  });
  const received = receive.ended.catch(async (error: unknown) => {
    await guard.catch((why: unknown) => {
      if (!(why instanceof BrokenPipe)) throw why;
    });
    throw error;
  });

  try {
    await joined([feed(), decompressed, guard, received], () => {
      zstd.kill();
      receive.kill();
    });
  } finally {
    await writeBack.end();
    // Whatever programs say that were ended by it, the abort is the cause.
    signal?.throwIfAborted();
  }
}

async function writeWhole(descriptor: number, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await writeAsync(descriptor, chunk, written, chunk.length - written)).bytesWritten;
  }
}
