import { type Command, GRAMMAR, type NewCommand } from '../command.ts';
import { ATTRIBUTE, type AttributeName, COMMAND } from '../protocol.ts';
import { encodeAttribute } from './encode-attribute.ts';
import { frameCommand } from './frame-command.ts';

/**
 * One command as the kernel would write it: attributes in the order of `send.c`, the right length and CRC.
 *
 * @param version protocol of the stream: from 2 on `data` has no length
 * @returns its bytes in pieces, in order; file data are the given pieces themselves
 * @throws RangeError when a value does not fit its field or the command its protocol
 */
export function encodeCommand(command: NewCommand, version: number): readonly Uint8Array[] {
  const { required, optional } = GRAMMAR[command.kind];
  const names: readonly AttributeName[] = [...required, ...optional];
  // Seen by name, a value may be any of those that attributes have; its type says which.
  const values = command as Partial<Record<AttributeName, unknown>>;
  const given = names.filter((name) => values[name] !== undefined).sort(dataLast);
  const attributes = given.map((name) => ({ type: ATTRIBUTE[name], pieces: encodeAttribute(name, values[name]) }));
  return frameCommand(COMMAND[command.kind], attributes, version);
}

/**
 * A command exactly as it was read, byte for byte: its attributes as they stood, known or not.
 *
 * @param version protocol of the stream that it was read from
 * @returns pieces, in order; file data are views of the chunks that were read
 */
export function reencodeCommand(command: Command, version: number): readonly Uint8Array[] {
  const type = command.kind === 'unknown' ? command.type : COMMAND[command.kind];
  return frameCommand(type, command.attributes, version);
}

function dataLast(one: AttributeName, other: AttributeName): number {
  return Number(one === 'data') - Number(other === 'data');
}
