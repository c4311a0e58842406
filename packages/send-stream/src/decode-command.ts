import type { Attribute } from './attribute.ts';
import { attributeValue } from './attribute-value.ts';
import { type Command, GRAMMAR } from './command.ts';
import { SendStreamError } from './error.ts';
import { type AttributeName, attributeName, type CommandName, commandName } from './protocol.ts';

/** A command that was cut out of the stream and has the right CRC. */
export interface RawCommand {
  readonly type: number;
  readonly offset: number;
  readonly length: number;
  readonly attributes: readonly Attribute[];
}

/**
 * Gives a command its meaning. What the protocol version does not know is kept, not refused.
 * @throws SendStreamError `SEND_STREAM_MISSING_ATTRIBUTE`
 * @throws SendStreamError `SEND_STREAM_BAD_ATTRIBUTE`
 */
export function decodeCommand({ type, offset, length, attributes }: RawCommand, version: number): Command {
  const kind = commandName(type, version);
  if (kind === undefined) return { kind: 'unknown', type, offset, length, attributes, strange: attributes };

  const takes = TAKES[kind];
  const strange: Attribute[] = [];
  const command: Record<string, unknown> = { kind, offset, length, attributes, strange };
  for (const attribute of attributes) {
    const name = attributeName(attribute.type, version);
    if (name === undefined || !takes.has(name)) strange.push(attribute);
    else command[name] = attributeValue(name, attribute);
  }
  for (const name of GRAMMAR[kind].required) {
    if (command[name] !== undefined) continue;
    throw new SendStreamError('SEND_STREAM_MISSING_ATTRIBUTE', offset, `${kind} has no ${name}`);
  }
  // Required attributes are there, and each was decoded by its own wire type: what CommandOf<kind> says.
  return command as unknown as Command;
}

const TAKES = Object.fromEntries(
  Object.entries(GRAMMAR).map(([kind, { required, optional }]) => [kind, new Set([...required, ...optional])]),
  // The keys are those of GRAMMAR, and its attribute lists hold nothing but attribute names.
) as unknown as Readonly<Record<CommandName, ReadonlySet<AttributeName>>>;
