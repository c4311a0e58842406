import { createHash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '@goldstream/errors';
import { createGuard, HeadReader } from '@goldstream/send-stream';
import type { Inspection, PumpJob, PumpMessage, PumpResult } from './pump-job.ts';

/*
 * The body of a pump's thread: blocking reads and writes on pipes, which cost a third of what the same bytes cost on
 * Node's event loop. It ends when the input does; who wants it to end early ends the programs at the pipe's other ends.
 */

/** Bytes gathered before they are looked at and handed on. A pipe gives 64 KiB at once. */
const BLOCK_BYTES = 1024 * 1024;
/** How often the progress is told. */
const TELL_BYTES = 16 * 1024 * 1024;

/** Looks at bytes before they are handed on. */
interface Inspector {
  /** The bytes that may be handed on now; throws before anything that may not. */
  push(block: Uint8Array): readonly Uint8Array[];
  /** What was held back until nothing followed it, and what was found out. */
  end(): { readonly views: readonly Uint8Array[]; readonly findings: Omit<PumpResult, 'bytes'> };
}

function inspectorFor(inspection: Inspection): Inspector {
  if (inspection.kind === 'guard') {
    const guard = createGuard(inspection.expectation);
    return {
      push: (block) => guard.push(block),
      end: () => ({ views: guard.end(), findings: {} }),
    };
  }
  const hash = createHash('sha256');
  const head = new HeadReader();
  return {
    push: (block) => {
      hash.update(block);
      head.push(block);
      return [block];
    },
    end: () => ({ views: [], findings: { sha256: hash.digest('hex'), head: head.end() } }),
  };
}

function pump({ from, to, inspection }: PumpJob): PumpResult {
  const inspector = inspectorFor(inspection);
  let bytes = 0;
  let passed = 0;
  let told = 0;
  let [memory, spare] = [newBlock(), newBlock()];
  for (;;) {
    const block = readBlock(from, memory);
    for (const view of inspector.push(block)) {
      writeWhole(to, view);
      passed += view.length;
    }
    bytes += block.length;
    // What is held back, an unfinished command, lies at the end of this block as views: the other one is free, unless
    // the command is longer than a block.
    [memory, spare] = [bytes - passed <= block.length ? spare : newBlock(), memory];
    if (bytes - told >= TELL_BYTES) {
      tell({ kind: 'progress', bytes: bytes - told });
      told = bytes;
    }
    if (block.length < BLOCK_BYTES) break;
  }
  tell({ kind: 'progress', bytes: bytes - told });
  const { views, findings } = inspector.end();
  for (const view of views) writeWhole(to, view);
  return { ...findings, bytes };
}

function newBlock(): Uint8Array {
  return Buffer.allocUnsafeSlow(BLOCK_BYTES);
}

/** A full block, or what was left before the end of the input. */
function readBlock(from: number, block: Uint8Array): Uint8Array {
  let length = 0;
  while (length < BLOCK_BYTES) {
    const read = readSync(from, block, length, BLOCK_BYTES - length, null);
    if (read === 0) break;
    length += read;
  }
  return block.subarray(0, length);
}

function writeWhole(to: number, view: Uint8Array): void {
  for (let written = 0; written < view.length; ) written += writeSync(to, view, written, view.length - written);
}

function tell(message: PumpMessage): void {
  parentPort?.postMessage(message);
}

try {
  // Posted by `startPump` only.
  tell({ kind: 'done', result: pump(workerData as PumpJob) });
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
