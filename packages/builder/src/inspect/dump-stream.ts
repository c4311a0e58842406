import { Dumper, type DumpStyle, readCommands } from '@goldstream/send-stream';

/** Lines are handed on when there are so many bytes of them. */
const BLOCK_BYTES = 64 * 1024;

/** What `btrfs receive --dump` prints of a raw stream, in blocks. */
export async function* dumpStream(
  raw: AsyncIterable<Uint8Array>,
  style: DumpStyle,
): AsyncGenerator<Uint8Array, void, void> {
  const dumper = new Dumper(style);
  let lines: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const command of readCommands(raw)) {
      const line = dumper.push(command);
      lines.push(line);
      length += line.length;
      if (length < BLOCK_BYTES) continue;
      yield Buffer.concat(lines);
      lines = [];
      length = 0;
    }
  } catch (error) {
    // What came before the first thing that is wrong is seen, too.
    if (length > 0) yield Buffer.concat(lines);
    throw error;
  }
  if (length > 0) yield Buffer.concat(lines);
}
