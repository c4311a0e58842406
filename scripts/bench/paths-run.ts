import { readFileSync } from 'node:fs';
import {
  ChangeCollector,
  CommandReader,
  createGuard,
  encodeCommand,
  encodeStreamHeader,
  type NewCommand,
  Summarizer,
} from '@goldstream/send-stream';

/*
 * One process that takes in a made stream of so many paths, and prints the largest memory that it ever had, in bytes:
 * under the guard, summed up as `inspect` does it, listed as `diff` does it, or only read.
 *
 *   node paths-run.ts guard|summary|changes|reader PATHS
 */

/** Taken in at once, and memory that is filled over and over; commands end with their chunk. */
const CHUNK_BYTES = 256 * 1024;
const RING_BYTES = 4 * 1024 ** 2;
const UUID = '11111111-2222-3333-4444-555555555555';

const [, , mode, paths] = process.argv;
const taker = takerFor(mode);
for (const batch of batches(streamOf(Number(paths)))) taker.push(batch);
taker.end();
const [, peak = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
process.stdout.write(`${Number(peak) * 1024}`);

interface Taker {
  push(batch: Uint8Array): void;
  /** What is listed at the end is memory, too. */
  end(): unknown;
}

function takerFor(mode: string | undefined): Taker {
  switch (mode) {
    case 'guard':
      return throughGuard();
    case 'summary':
      return new Summarizer();
    case 'changes':
      return new ChangeCollector();
    default:
      return throughReader();
  }
}

function throughGuard(): Taker {
  const guard = createGuard({ name: 'v1', uuid: UUID, transid: 7n });
  return { push: (batch) => void guard.push(batch), end: () => void guard.end() };
}

/** What passes everything: the same reading and checking of CRCs. */
function throughReader(): Taker {
  const reader = new CommandReader();
  return {
    push: (batch) => {
      reader.push(batch);
      while (reader.read() !== undefined);
    },
    end: () => reader.end(),
  };
}

function* streamOf(count: number): Generator<Uint8Array> {
  yield encodeStreamHeader(1);
  yield* encodeCommand({ kind: 'subvol', path: bytesOf('v1'), uuid: UUID, ctransid: 7n }, 1);
  for (const command of files(count)) yield* encodeCommand(command, 1);
  yield* encodeCommand({ kind: 'end' }, 1);
}

/** Names and commands as `btrfs send` writes them of a tree with a thousand files in a directory. */
function* files(count: number): Generator<NewCommand> {
  const time = { seconds: 1_790_000_000n, nanoseconds: 123_456_789 };
  for (let at = 0; at < count; at++) {
    const directory = `package-${Math.floor(at / 1000)}`;
    if (at % 1000 === 0) yield { kind: 'mkdir', path: bytesOf(directory), ino: BigInt(2 ** 40 + at) };
    const made = bytesOf(`o${at + 257}-7-0`);
    const path = bytesOf(`${directory}/file-of-usual-name-${at}`);
    yield { kind: 'mkfile', path: made, ino: BigInt(at + 257) };
    yield { kind: 'rename', path: made, path_to: path };
    yield { kind: 'chmod', path, mode: 0o644n };
    yield { kind: 'utimes', path, atime: time, mtime: time, ctime: time };
  }
}

/** The same memory over and over, as the pump does it; the chunk is taken before the next is made. */
function* batches(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const ring = Buffer.alloc(RING_BYTES);
  let start = 0;
  let end = 0;
  for (const piece of pieces) {
    if (end + piece.length > start + CHUNK_BYTES) {
      yield ring.subarray(start, end);
      start = end + CHUNK_BYTES <= RING_BYTES ? end : 0;
      end = start;
    }
    ring.set(piece, end);
    end += piece.length;
  }
  yield ring.subarray(start, end);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
