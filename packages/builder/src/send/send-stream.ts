import { closeSync } from 'node:fs';
import type { AssetEntry } from '@goldstream/release';
import type { StreamHead } from '@goldstream/send-stream';
import { openPipe, type Runner, startCompress, startSend } from '@goldstream/system';
import { BrokenPipe, joined, type PumpResult, runPump } from '@goldstream/transfer';
import { PartWriter } from './part-writer.ts';
import { readBlocks } from './read-blocks.ts';

/** What is sent, and where its compressed parts go. */
export interface SendStreamRequest {
  readonly snapshot: string;
  readonly parent?: string | undefined;
  /** zstd level, 1 to 19. */
  readonly level: number;
  /** Largest asset in bytes. */
  readonly partSize: number;
  readonly into: string;
  /** The names of the assets, when it is known how many there are. */
  readonly nameParts: (parts: number) => readonly string[];
  readonly signal?: AbortSignal;
  /** Hears of bytes of the raw stream. */
  readonly onBytes?: (bytes: number) => void;
}

/** A stream on disk, under its names, synced. */
export interface SentStream {
  readonly head: StreamHead;
  readonly rawBytes: number;
  readonly rawSha256: string;
  readonly assets: readonly AssetEntry[];
}

/**
 * `btrfs send` → SHA-256 and head of the raw stream → `zstd` on all cores → parts, each with its digests. Every byte
 * passes once, in constant memory, through real pipes: the raw bytes in a thread of their own, the compressed ones here.
 *
 * Nothing is left of it when it rejects.
 */
export async function sendStream(
  runner: Runner,
  { snapshot, parent, level, partSize, into, nameParts, signal, onBytes }: SendStreamRequest,
): Promise<SentStream> {
  const [raw, hashed, compressed] = await Promise.all([openPipe(runner), openPipe(runner), openPipe(runner)]);
  const aborting = signal === undefined ? {} : { signal };
  const send = startSend(
    runner,
    { snapshot, ...(parent === undefined ? {} : { parent }) },
    { stdout: raw.writeEnd, ...aborting },
  );
  const zstd = startCompress(runner, level, { stdin: hashed.readEnd, stdout: compressed.writeEnd, ...aborting });
  for (const childs of [raw.writeEnd, hashed.readEnd, compressed.writeEnd]) closeSync(childs);

  const parts = new PartWriter(into, nameParts(1).join(), partSize);
  let pumped: PumpResult | undefined;
  const pump = async () => {
    try {
      pumped = await runPump({ from: raw.readEnd, to: hashed.writeEnd, inspection: { kind: 'digest' } }, onBytes);
    } catch (error) {
      // A stream that is cut off is what became of it; what `btrfs send` said is why.
      if (!(error instanceof BrokenPipe)) await send.ended;
      throw error;
    }
  };
  const write = async () => {
    try {
      for await (const block of readBlocks(compressed.readEnd)) await parts.write(block);
    } finally {
      closeSync(compressed.readEnd);
    }
  };
  const pumping = pump();
  // `btrfs send` also fails when nobody reads: the pump says whether its failure is the cause.
  const sent = send.ended.catch(async (error: unknown) => {
    await pumping;
    throw error;
  });
  try {
    await joined([sent, pumping, zstd.ended, write()], () => {
      send.kill();
      zstd.kill();
    });
    signal?.throwIfAborted();
    const { bytes, head, sha256 } = pumped ?? {};
    if (bytes === undefined || head === undefined || sha256 === undefined) throw new Error('a pump without a result');
    return { head, rawBytes: bytes, rawSha256: sha256, assets: await parts.finish(nameParts) };
  } catch (error) {
    await parts.discard();
    throw error;
  }
}
