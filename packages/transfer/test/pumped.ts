import { closeSync, read, write } from 'node:fs';
import { promisify } from 'node:util';
import { openPipe, systemRunner } from '@goldstream/system';
import { BrokenPipe, type Inspection, type PumpResult, runPump } from '../src/index.ts';

const [readAsync, writeAsync] = [promisify(read), promisify(write)];

/** What came out of a pump, and how it ended. */
export interface Pumped {
  readonly out: Buffer;
  readonly result: PumpResult | undefined;
  readonly error: unknown;
  /** Bytes that the pump told of while it worked. */
  readonly told: number;
}

/** Sends these chunks through a pump, each when there is room for it, and reads what comes out of it. */
export async function pumped(inspection: Inspection, chunks: Iterable<Uint8Array>): Promise<Pumped> {
  const [into, from] = [await openPipe(systemRunner), await openPipe(systemRunner)];
  let told = 0;
  const pump = runPump({ from: into.readEnd, to: from.writeEnd, inspection }, (bytes) => {
    told += bytes;
  }).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  const [out] = await Promise.all([readAll(from.readEnd), writeAll(into.writeEnd, chunks)]);
  return { out, told, ...(await pump) };
}

/** A pump whose output nobody reads. */
export async function unread(chunks: Iterable<Uint8Array>): Promise<unknown> {
  const [into, from] = [await openPipe(systemRunner), await openPipe(systemRunner)];
  closeSync(from.readEnd);
  const pump = runPump({ from: into.readEnd, to: from.writeEnd, inspection: { kind: 'digest' } });
  const [ended] = await Promise.allSettled([pump, writeAll(into.writeEnd, chunks)]);
  return ended.status === 'rejected' ? ended.reason : undefined;
}

async function writeAll(descriptor: number, chunks: Iterable<Uint8Array>): Promise<void> {
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; )
        at += (await writeAsync(descriptor, chunk, at, chunk.length - at)).bytesWritten;
    }
  } catch (error) {
    // A pump that refused reads no more.
    if (!(error instanceof BrokenPipe) && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    closeSync(descriptor);
  }
}

async function readAll(descriptor: number): Promise<Buffer> {
  const read: Buffer[] = [];
  try {
    for (;;) {
      const buffer = Buffer.alloc(64 * 1024);
      const { bytesRead } = await readAsync(descriptor, buffer, 0, buffer.length, null);
      if (bytesRead === 0) return Buffer.concat(read);
      read.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    closeSync(descriptor);
  }
}
