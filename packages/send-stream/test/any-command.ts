import fc from 'fast-check';
import { type ValueOf, WIRE_TYPE } from '../src/attribute-value.ts';
import { GRAMMAR } from '../src/command.ts';
import { type AttributeName, COMMAND, type CommandName, type NewCommand } from '../src/index.ts';
import { commandName } from '../src/protocol.ts';

/** Every kind of command. */
// The keys of a constant are exactly its names.
export const KINDS = Object.keys(COMMAND) as readonly CommandName[];

/** Whether a protocol has a command. */
export function isKnown(kind: CommandName, version: number): boolean {
  return commandName(COMMAND[kind], version) !== undefined;
}

/** A command of this kind with any values; optional attributes are there or not. */
export function anyCommandOf(kind: CommandName, values: AnyValues = ANY_VALUES): fc.Arbitrary<NewCommand> {
  const { required, optional } = GRAMMAR[kind];
  const fieldOf = (name: AttributeName) => [name, values[WIRE_TYPE[name]]] as const;
  const fields = [...required, ...optional].map(fieldOf);
  const model: Record<string, fc.Arbitrary<unknown>> = { kind: fc.constant(kind), ...Object.fromEntries(fields) };
  const command: fc.Arbitrary<unknown> = fc.record(model, { requiredKeys: ['kind', ...required] });
  // Each attribute has a value of its own wire type: what NewCommand says.
  return command as fc.Arbitrary<NewCommand>;
}

/** Any command that the protocol has, other than `end`. */
export function anyCommand(version: number): fc.Arbitrary<NewCommand> {
  return fc.oneof(
    ...KINDS.filter((kind) => kind !== 'end' && isKnown(kind, version)).map((kind) => anyCommandOf(kind)),
  );
}

/** What the values of each wire type may be. */
export type AnyValues = { readonly [Type in keyof ValueOf]: fc.Arbitrary<ValueOf[Type]> };

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string().map((text) => new TextEncoder().encode(text)),
);

export const ANY_VALUES: AnyValues = {
  u8: fc.nat(0xff),
  u32: fc.nat(0xffffffff),
  u64: fc.bigInt(0n, 2n ** 64n - 1n),
  uuid: fc.uuid(),
  timespec: fc.record({ seconds: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), nanoseconds: fc.nat(0xffffffff) }),
  bytes,
  pieces: fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 3 }),
};
