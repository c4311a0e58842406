import fc from 'fast-check';
import { type Command, CommandReader } from '../src/index.ts';

/** Bytes cut into chunks of the given lengths, used in turn. */
export function chunked(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** Lengths for {@link chunked}: tiny ones, ones about a command's size, and empty chunks between them. */
export const anyChunking = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 6000 })), { minLength: 1, maxLength: 8 })
  .filter((lengths) => lengths.some((length) => length > 0));

/** All commands of a stream that comes in these chunks. Throws what the reader throws. */
export function readAll(chunks: readonly Uint8Array[]): readonly Command[] {
  const reader = new CommandReader();
  const commands: Command[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let command = reader.read(); command !== undefined; command = reader.read()) commands.push(command);
  }
  reader.end();
  return commands;
}

/** A command as a value that can be compared: pieces joined, whatever chunks they came in. */
export function comparable(command: Command): unknown {
  const { attributes, strange, ...fields } = command;
  const data = 'data' in fields ? { data: Buffer.concat(fields.data) } : {};
  return { ...fields, ...data, attributes: attributes.map(plain), strange: strange.map(plain) };
}

function plain({ type, offset, pieces }: Command['attributes'][number]): unknown {
  return { type, offset, value: Buffer.concat(pieces) };
}
