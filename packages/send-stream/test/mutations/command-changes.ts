import { type Cut, type CutAttribute, cutStream } from './cut-stream.ts';
import { type Dice, pick } from './dice.ts';

/** A change of commands, lengths and CRCs being made right afterwards. */
export type CommandChange = (commands: readonly Cut[], roll: Dice, others: readonly Uint8Array[]) => readonly Cut[];

/** All kinds of it. */
export const COMMAND_CHANGES: readonly CommandChange[] = [
  function removeCommand(commands, roll) {
    return commands.toSpliced(roll(commands.length), 1);
  },
  function repeatCommand(commands, roll) {
    const command = commands[roll(commands.length)];
    return command === undefined ? commands : commands.toSpliced(roll(commands.length + 1), 0, command);
  },
  function swapCommands(commands, roll) {
    const [one, other] = [roll(commands.length), roll(commands.length)];
    const [first, second] = [commands[one], commands[other]];
    return first === undefined || second === undefined ? commands : commands.with(one, second).with(other, first);
  },
  function spliceCommand(commands, roll, others) {
    const { commands: foreign } = cutStream(pick(others, roll));
    return commands.toSpliced(roll(commands.length + 1), 0, pick(foreign, roll));
  },
  function retypeCommand(commands, roll) {
    return changeOne(commands, roll, (command) => ({ ...command, type: roll(28) }));
  },
  function removeAttribute(commands, roll) {
    return changeAttributes(commands, roll, (attributes) => attributes.toSpliced(roll(attributes.length), 1));
  },
  function repeatAttribute(commands, roll) {
    return changeAttributes(commands, roll, (attributes) => [...attributes, pick(attributes, roll)]);
  },
  function retypeAttribute(commands, roll) {
    return changeAttribute(commands, roll, ({ value }) => ({ type: roll(37), value }));
  },
  function swapAttributeValues(commands, roll) {
    return changeAttributes(commands, roll, (attributes) => {
      const [one, other] = [pick(attributes, roll), pick(attributes, roll)];
      const swapped = (attribute: CutAttribute) =>
        attribute === one ? other.value : attribute === other ? one.value : attribute.value;
      return attributes.map((attribute) => ({ type: attribute.type, value: swapped(attribute) }));
    });
  },
  function shiftAttributeLength(commands, roll) {
    return changeAttribute(commands, roll, ({ type, value }) => ({
      type,
      value:
        roll(2) === 0 ? value.subarray(0, roll(value.length + 1)) : Buffer.concat([value, Buffer.alloc(roll(9), 'x')]),
    }));
  },
  // Three times, because this is what an attacker would do.
  replaceValue,
  replaceValue,
  replaceValue,
  aimPath,
  aimPath,
  aimPath,
];

/** Gives an attribute another value of its own kind. */
function replaceValue(commands: readonly Cut[], roll: Dice): readonly Cut[] {
  return changeAttribute(commands, roll, ({ type, value }) => {
    if (PATHS.has(type)) return { type, value: anyPath(commands, roll) };
    if (type === XATTR_NAME) return { type, value: Buffer.from(pick(XATTR_NAMES, roll)) };
    if (value.length === 8) return { type, value: u64(pick(NUMBERS, roll)) };
    return { type, value: Buffer.from(value.map((byte) => (roll(4) === 0 ? roll(256) : byte))) };
  });
}

/** Gives a path another value: where all the harm is. */
function aimPath(commands: readonly Cut[], roll: Dice): readonly Cut[] {
  const withPath = commands.filter(({ type, attributes }) => type > 2 && attributes.some((it) => PATHS.has(it.type)));
  if (withPath.length === 0) return commands;
  const chosen = pick(withPath, roll);
  const attribute = pick(
    chosen.attributes.filter((it) => PATHS.has(it.type)),
    roll,
  );
  const value = anyPath(commands, roll);
  const attributes = chosen.attributes.map((it) => (it === attribute ? { type: it.type, value } : it));
  return commands.map((command) => (command === chosen ? { ...command, attributes } : command));
}

const PATHS: ReadonlySet<number> = new Set([15, 16, 17, 22]);
const XATTR_NAME = 13;

/** A path of the stream, one below it, one that climbs, or one that is no path. */
function anyPath(commands: readonly Cut[], roll: Dice): Buffer {
  const paths = commands.flatMap(({ attributes }) => attributes.filter(({ type }) => PATHS.has(type)));
  const path = paths.length === 0 ? Buffer.from('a') : pick(paths, roll).value;
  const below = (name: string) => Buffer.concat([path, Buffer.from(`/${name}`, 'latin1')]);
  return pick<() => Buffer>(
    [
      () => path,
      () => path,
      () => below('file'),
      () => below('new'),
      () => below('..'),
      () => below('../../../sentinel/file'),
      () => Buffer.concat([Buffer.from('../../../sentinel/'), path]),
      () => Buffer.concat([Buffer.from('/'), path]),
      () => Buffer.concat([path, Buffer.from('\0/../x', 'latin1')]),
      () => Buffer.from(pick(ODD_PATHS, roll), 'latin1'),
      () => path.subarray(0, roll(path.length + 1)),
    ],
    roll,
  )();
}

const ODD_PATHS = ['', '.', '..', '/', '../v1', '../../../sentinel/file', '/sentinel/file', 'a//b', 'a/', './a', '\0'];
const XATTR_NAMES = [
  'user.x',
  'security.capability',
  'trusted.overlay.opaque',
  'user.',
  '',
  'user.x\0',
  'security.ima',
];
const NUMBERS = [
  0n,
  1n,
  4095n,
  4096n,
  0o644n,
  0o4755n,
  0o2755n,
  0o104755n,
  0o60666n,
  1n << 40n,
  (1n << 63n) - 1n,
].concat([1n << 63n, (1n << 64n) - 4096n, (1n << 64n) - 1n]);

function changeOne(commands: readonly Cut[], roll: Dice, change: (command: Cut) => Cut): readonly Cut[] {
  const at = roll(commands.length);
  const command = commands[at];
  return command === undefined ? commands : commands.with(at, change(command));
}

function changeAttributes(
  commands: readonly Cut[],
  roll: Dice,
  change: (attributes: readonly CutAttribute[]) => readonly CutAttribute[],
): readonly Cut[] {
  return changeOne(commands, roll, (command) =>
    command.attributes.length === 0 ? command : { ...command, attributes: change(command.attributes) },
  );
}

function changeAttribute(
  commands: readonly Cut[],
  roll: Dice,
  change: (attribute: CutAttribute) => CutAttribute,
): readonly Cut[] {
  return changeAttributes(commands, roll, (attributes) => {
    const at = roll(attributes.length);
    return attributes.map((attribute, index) => (index === at ? change(attribute) : attribute));
  });
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
