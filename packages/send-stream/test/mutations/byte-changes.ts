import { type Dice, pick } from './dice.ts';

/** Damage to bytes, as by a faulty disk. */
export type ByteChange = (bytes: Buffer, roll: Dice) => Uint8Array;

/** All kinds of it. */
export const BYTE_CHANGES: readonly ByteChange[] = [
  function flipBits(bytes, roll) {
    for (let left = 1 + roll(4); left > 0 && bytes.length > 0; left--) {
      const at = roll(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
    }
    return bytes;
  },
  function cut(bytes, roll) {
    return bytes.subarray(0, roll(bytes.length + 1));
  },
  function removeBytes(bytes, roll) {
    const at = roll(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + roll(64))]);
  },
  function repeatBytes(bytes, roll) {
    const at = roll(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - roll(64)))]);
  },
  function swapLengths(bytes, roll) {
    const starts = commandStarts(bytes);
    if (starts.length === 0) return bytes;
    const [one, other] = [pick(starts, roll), pick(starts, roll)];
    const [length, otherLength] = [bytes.readUInt32LE(one), bytes.readUInt32LE(other)];
    bytes.writeUInt32LE(otherLength, one);
    bytes.writeUInt32LE(length, other);
    return bytes;
  },
  function absurdLength(bytes, roll) {
    const starts = commandStarts(bytes);
    if (starts.length > 0)
      bytes.writeUInt32LE(pick([0, 1, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff], roll), pick(starts, roll));
    return bytes;
  },
];

/** Where commands begin, as far as the lengths lead from one to the next. */
function commandStarts(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let at = 17; at + 10 <= bytes.length; at += 10 + bytes.readUInt32LE(at)) starts.push(at);
  return starts;
}
