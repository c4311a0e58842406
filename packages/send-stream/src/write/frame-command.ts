import type { Attribute } from '../attribute.ts';
import { crc32c } from '../crc32c/crc32c.ts';
import { ATTRIBUTE, attributeLabel, COMMAND_HEADER_LENGTH, LONGEST_COMMAND } from '../protocol.ts';

/** An attribute that is to be written: its number and its value in pieces. */
export type NewAttribute = Pick<Attribute, 'type' | 'pieces'>;

/**
 * The bytes of one command: header with length and CRC, then the attributes in this order.
 *
 * @returns pieces, in order; file data are the given pieces themselves, all else lies in new memory
 * @throws RangeError when the protocol cannot say it: an attribute or the command is too long, or from protocol 2 on
 *   `data`, which has no length there, is not the last
 */
export function frameCommand(
  type: number,
  attributes: readonly NewAttribute[],
  version: number,
): readonly Uint8Array[] {
  const block = new Uint8Array(COMMAND_HEADER_LENGTH + sum(attributes, (attribute) => ownBytes(attribute, version)));
  const view = new DataView(block.buffer);
  const pieces: Uint8Array[] = [];
  let at = COMMAND_HEADER_LENGTH;
  let from = 0;
  for (const [index, attribute] of attributes.entries()) {
    const isLast = index === attributes.length - 1;
    const length = lengthOf(attribute.pieces);
    view.setUint16(at, attribute.type, true);
    if (hasLength(attribute, version)) view.setUint16(at + 2, checkedLength(attribute, length, version), true);
    else if (!isLast) throw new RangeError('data is not the last attribute, but has no length in this protocol');
    at += hasLength(attribute, version) ? 4 : 2;
    if (isData(attribute)) {
      pieces.push(block.subarray(from, at), ...attribute.pieces);
      from = at;
    } else {
      for (const piece of attribute.pieces) {
        block.set(piece, at);
        at += piece.length;
      }
    }
  }
  if (from < at) pieces.push(block.subarray(from, at));

  view.setUint32(0, checkedTotal(lengthOf(pieces), version) - COMMAND_HEADER_LENGTH, true);
  view.setUint16(4, type, true);
  // The CRC is taken while its own four bytes are still zero (send.h, struct btrfs_cmd_header).
  view.setUint32(
    6,
    pieces.reduce((seed, piece) => crc32c(piece, seed), 0),
    true,
  );
  return pieces;
}

function isData({ type }: NewAttribute): boolean {
  return type === ATTRIBUTE.data;
}

/** From protocol 2 on `data` takes what is left of the command. */
function hasLength(attribute: NewAttribute, version: number): boolean {
  return version < 2 || !isData(attribute);
}

/** Bytes of an attribute that are not file data. */
function ownBytes(attribute: NewAttribute, version: number): number {
  return (hasLength(attribute, version) ? 4 : 2) + (isData(attribute) ? 0 : lengthOf(attribute.pieces));
}

function checkedLength({ type }: NewAttribute, length: number, version: number): number {
  if (length <= 0xffff) return length;
  throw new RangeError(`${attributeLabel(type, version)} has ${length} bytes, at most 65535 can be written`);
}

function checkedTotal(length: number, version: number): number {
  const longest = LONGEST_COMMAND[version];
  if (longest !== undefined && length <= longest) return length;
  throw new RangeError(`a command has ${length} bytes, at most ${longest} are allowed in protocol ${version}`);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return sum(pieces, ({ length }) => length);
}

function sum<Item>(items: readonly Item[], size: (item: Item) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
