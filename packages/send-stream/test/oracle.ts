import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { withTemporaryDirectory } from '@goldstream/testing';
import { CommandReader, Dumper, type DumpStyle } from '../src/index.ts';

/** What the installed `btrfs receive --dump` prints of a stream, in bytes. The runner gives it `LC_ALL=C TZ=UTC`. */
export async function btrfsDump(stream: Uint8Array): Promise<Buffer> {
  return withTemporaryDirectory(async (directory) => {
    const file = join(directory, 'stream');
    await writeFile(file, stream);
    const { stdout, ended } = systemRunner.spawn(['btrfs', 'receive', '--dump', '-f', file], { stdout: 'pipe' });
    const chunks: Uint8Array[] = [];
    // Asked for as a pipe, so it is there, and gives bytes.
    for await (const chunk of stdout as AsyncIterable<Uint8Array>) chunks.push(chunk);
    await ended;
    return Buffer.concat(chunks);
  });
}

/** The style of the installed btrfs-progs; undefined between the two (6.9.1), which no test can speak for. */
export async function installedStyle(): Promise<DumpStyle | undefined> {
  const said = await systemRunner.capture(['btrfs', '--version']);
  const [, major = 0, minor = 0] = (/v(\d+)\.(\d+)/.exec(said) ?? []).map(Number);
  if (major > 6 || (major === 6 && minor >= 10)) return 'escaped';
  return major === 6 && minor === 9 ? undefined : 'classic';
}

/** What our dumper prints, from chunks of 64 KiB. */
export function ourDump(stream: Uint8Array, style: DumpStyle): Buffer {
  const reader = new CommandReader();
  const dumper = new Dumper(style);
  const lines: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += 65536) {
    reader.push(stream.subarray(at, at + 65536));
    for (let command = reader.read(); command !== undefined; command = reader.read()) lines.push(dumper.push(command));
  }
  reader.end();
  return Buffer.concat(lines);
}

/** The first line in which two dumps differ, of both; undefined when they are the same bytes. */
export function firstDifference(one: Buffer, other: Buffer): readonly [string, string] | undefined {
  if (one.equals(other)) return undefined;
  const lines = [one, other].map((dump) => dump.toString('latin1').split('\n'));
  const [ours = [], theirs = []] = lines;
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  return [ours[at] ?? '(nothing)', theirs[at] ?? '(nothing)'];
}
