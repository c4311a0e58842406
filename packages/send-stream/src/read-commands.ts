import type { Command } from './command.ts';
import { CommandReader } from './command-reader.ts';

/**
 * All commands of a stream, `end` included, as they come. A command is valid until the next is asked for: its data are
 * views of the source's chunks.
 * @param reader hand one in to look at its version and position on the way
 * @throws SendStreamError `SEND_STREAM_…` at the first thing that is not sound, and when the stream is cut off
 */
export async function* readCommands(
  source: AsyncIterable<Uint8Array>,
  reader: CommandReader = new CommandReader(),
): AsyncGenerator<Command, void, void> {
  for await (const chunk of source) {
    reader.push(chunk);
    for (let command = reader.read(); command !== undefined; command = reader.read()) yield command;
  }
  reader.end();
}
