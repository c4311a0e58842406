import { closeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { RelayedError } from './error.ts';
import { BrokenPipe } from './joined.ts';
import type { PumpJob, PumpMessage, PumpResult } from './pump-job.ts';

/** The thread's module lies beside this one, as source or as built. */
const SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(SOURCE ? './pump-worker.ts' : './pump-worker.js', import.meta.url);

/**
 * Memory for what has just been made, in MB; nearly all of it is dead when the next command is read. V8 would let it
 * grow with what the guard remembers, up to three times as much as that, only because there is room.
 */
const YOUNG_MB = 12;

/**
 * Moves a send stream from one pipe to the next in a thread of its own, and looks at it on the way. Closes both
 * descriptors when it ends, so that the next program sees the end of its input.
 *
 * @param onBytes hears of bytes that were moved since it was called last
 * @throws whatever the inspection refused, with its own code; `BrokenPipe` when the reader is gone
 */
export async function runPump(job: PumpJob, onBytes: (bytes: number) => void = () => {}): Promise<PumpResult> {
  const worker = new Worker(WORKER, {
    workerData: job,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    // Sources find each other by this condition; a built package needs none.
    ...(SOURCE ? { execArgv: ['--conditions=source'] } : {}),
  });
  try {
    return await new Promise<PumpResult>((resolve, reject) => {
      worker.on('message', (message: PumpMessage) => {
        if (message.kind === 'progress') onBytes(message.bytes);
        if (message.kind === 'done') resolve(message.result);
        if (message.kind === 'refused') reject(new RelayedError(message.error));
        if (message.kind === 'nobody-reads') reject(new BrokenPipe());
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the pump ended without a word')));
    });
  } finally {
    await worker.terminate();
    closeSync(job.from);
    closeSync(job.to);
  }
}
