import { randomFillSync } from 'node:crypto';
import { CommandReader, encodeCommand, encodeStreamHeader, type NewCommand } from '@goldstream/send-stream';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';

const LARGE_BYTES = 256 * 1024 ** 2;
/** What the kernel puts into one write of protocol 1 (`BTRFS_SEND_READ_SIZE`). */
const WRITE_BYTES = 48 * 1024;
const TINY_FILES = 100_000;
/** Bytes of the buffers that the reader gets. */
const BUFFER = 1024 ** 2;

/** How fast streams are read from memory, every CRC checked and every attribute decoded. */
export async function measureCodec({ extent, say }: Bench): Promise<Section> {
  say('codec: making the streams');
  const large = toBuffers(streamOf(largeFile()));
  const tiny = toBuffers(streamOf(tinyCommands()));
  say('codec: reading them');
  const [ofLarge, ofTiny] = [large, tiny].map((buffers) => bestOf(extent.repeats, buffers));
  return {
    title: 'codec: reading from buffers of 1 MiB in memory, CRC and full parse; best of all runs, processor time',
    commands: [],
    figures: [
      figure('one large file, writes of 48 KiB', 'bytes/second', ofLarge?.bytesPerSecond, 1e9),
      figure('mkfile, rename, chown, chmod, utimes', '/second', ofTiny?.commandsPerSecond, 250_000),
    ],
  };
}

interface Speed {
  readonly bytesPerSecond: number;
  readonly commandsPerSecond: number;
}

/** The fastest of some runs: what others do on the machine only ever makes one slower. */
function bestOf(runs: number, buffers: readonly Uint8Array[]): Speed {
  const speeds = Array.from({ length: runs }, () => read(buffers));
  return speeds.reduce((best, speed) => (speed.bytesPerSecond > best.bytesPerSecond ? speed : best));
}

function read(buffers: readonly Uint8Array[]): Speed {
  const before = process.cpuUsage();
  const reader = new CommandReader();
  let commands = 0;
  for (const buffer of buffers) {
    reader.push(buffer);
    while (reader.read() !== undefined) commands += 1;
  }
  reader.end();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  return { bytesPerSecond: reader.position / seconds, commandsPerSecond: commands / seconds };
}

function* largeFile(): Generator<NewCommand> {
  const path = bytesOf('usr/lib/x86_64-linux-gnu/libexample.so.1');
  const data = [randomFillSync(new Uint8Array(WRITE_BYTES))];
  for (let at = 0; at < LARGE_BYTES; at += WRITE_BYTES) yield { kind: 'write', path, file_offset: BigInt(at), data };
}

/** What `btrfs send` writes of an empty file. */
function* tinyCommands(): Generator<NewCommand> {
  const time = { seconds: 1_790_000_000n, nanoseconds: 123_456_789 };
  for (let ino = 257; ino < 257 + TINY_FILES; ino++) {
    const made = bytesOf(`o${ino}-7-0`);
    const path = bytesOf(`usr/share/doc/package-${ino % 97}/file-${ino}`);
    yield { kind: 'mkfile', path: made, ino: BigInt(ino) };
    yield { kind: 'rename', path: made, path_to: path };
    yield { kind: 'chown', path, uid: 0n, gid: 0n };
    yield { kind: 'chmod', path, mode: 0o644n };
    yield { kind: 'utimes', path, atime: time, mtime: time, ctime: time };
  }
}

function* streamOf(commands: Iterable<NewCommand>): Generator<Uint8Array> {
  yield encodeStreamHeader(1);
  const uuid = '11111111-2222-3333-4444-555555555555';
  yield* encodeCommand({ kind: 'subvol', path: bytesOf('v1'), uuid, ctransid: 7n }, 1);
  for (const command of commands) yield* encodeCommand(command, 1);
  yield* encodeCommand({ kind: 'end' }, 1);
}

function toBuffers(pieces: Iterable<Uint8Array>): readonly Uint8Array[] {
  const stream = new Uint8Array(Buffer.concat([...pieces]));
  const starts = Array.from({ length: Math.ceil(stream.length / BUFFER) }, (_, index) => index * BUFFER);
  return starts.map((start) => stream.slice(start, start + BUFFER));
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function figure(what: string, unit: Figure['unit'], value: number | undefined, atLeast: number): Figure {
  return { what, unit, value: value ?? Number.NaN, atLeast };
}
