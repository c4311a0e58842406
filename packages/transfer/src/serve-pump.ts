import { readSync, writeSync, writevSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '@goldstream/errors';
import type { Inspector } from './inspector.ts';
import type { Inspection, PumpJob, PumpMessage, PumpResult } from './pump-job.ts';

/** Taken from the pipe at once. Waiting for more than there is would keep the programs at both ends idle in turn. */
const READ_BYTES = 256 * 1024;
/** Memory that is read into, over and over. */
const RING_BYTES = 4 * 1024 * 1024;
/** How often the progress is told. */
const TELL_BYTES = 16 * 1024 * 1024;

/**
 * The body of a pump's thread: blocking reads and writes on pipes, which cost a third of what the same bytes cost on
 * Node's event loop. It ends when the input does; who wants it to end early ends the programs at the pipe's other ends.
 * How it ended is told to the thread that started it.
 *
 * @param inspectorFor makes what looks at the bytes
 */
export function servePump(inspectorFor: (inspection: Inspection) => Inspector): void {
  try {
    // Posted by `runPump` only.
    const job = workerData as PumpJob;
    tell({ kind: 'done', result: pump(job, inspectorFor(job.inspection)) });
  } catch (error) {
    if (error instanceof CodedError) {
      const { code, category, message, hint } = error;
      tell({ kind: 'refused', error: { code, category, message, hint } });
    } else if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      tell({ kind: 'nobody-reads' });
    } else {
      throw error;
    }
  }
}

function pump({ from, to }: PumpJob, inspector: Inspector): PumpResult {
  let bytes = 0;
  let passed = 0;
  let told = 0;
  let ring = Buffer.allocUnsafeSlow(RING_BYTES);
  let at = 0;
  for (;;) {
    const length = readSync(from, ring, at, READ_BYTES, null);
    if (length === 0) break;
    passed += writeWhole(to, inspector.push(ring.subarray(at, at + length)));
    bytes += length;
    at = at + length + READ_BYTES <= RING_BYTES ? at + length : 0;
    // What the inspector holds back, an unfinished command, are views of the last bytes read: they must not be
    // overwritten. No command of the kernel's comes near this length.
    if (bytes - passed > RING_BYTES - 2 * READ_BYTES) [ring, at] = [Buffer.allocUnsafeSlow(RING_BYTES), 0];
    if (bytes - told >= TELL_BYTES) {
      tell({ kind: 'progress', bytes: bytes - told });
      told = bytes;
    }
  }
  tell({ kind: 'progress', bytes: bytes - told });
  const { views, findings } = inspector.end();
  writeWhole(to, views);
  return { ...findings, bytes };
}

/** Writes all views, in one call if it takes them; gives back how many bytes that were. */
function writeWhole(to: number, views: readonly Uint8Array[]): number {
  if (views.length === 0) return 0;
  let taken = writevSync(to, views);
  const bytes = views.reduce((sum, { length }) => sum + length, 0);
  for (const view of taken === bytes ? [] : views) {
    const start = Math.min(taken, view.length);
    for (let at = start; at < view.length; ) at += writeSync(to, view, at, view.length - at);
    taken -= start;
  }
  return bytes;
}

function tell(message: PumpMessage): void {
  parentPort?.postMessage(message);
}
