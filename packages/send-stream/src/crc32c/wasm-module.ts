import { PLANES, TABLE_LENGTH } from './fold-tables.ts';

/**
 * Columns are folded in this many interleaved vectors of 16; two keep the CPU's shuffle units busy and the tables
 * loaded once.
 */
const LANES = 2;
const VECTOR_LENGTH = 16;

/** Bytes folded in one step: four planes, each of {@link LANES} vectors. */
export const BLOCK_LENGTH: number = PLANES * LANES * VECTOR_LENGTH;

/** Where the memory of the module holds the tables, the result and the input. Bytes. */
export const TABLES_ADDRESS = 0;
export const STATE_ADDRESS: number = PLANES * 2 * PLANES * TABLE_LENGTH;
export const DATA_ADDRESS = 4096;
/** Most input of one call. Bytes, whole blocks. */
export const WINDOW_LENGTH = 65536 - DATA_ADDRESS;

/**
 * A WebAssembly module, assembled here because it is one loop: exports `memory` (one page) and `fold(start: i32, end:
 * i32)`, which reduces the blocks between two addresses, at least two, to one block at {@link STATE_ADDRESS}.
 *
 * For every block: next = block XOR move(state), where `move` looks each nibble of the state up in the tables
 * (`fold-tables.ts`). Shuffle indices are below 16, where the relaxed shuffle is the exact one. Encodings: WebAssembly
 * core specification 2.0 and its relaxed SIMD extension.
 */
export function foldModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, ...vector([[I32], [I32]]), ...vector([])]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0, 1]])),
    ...section(7, vector([exported('memory', 2), exported('fold', 0)])),
    ...section(10, vector([sized([...vector([[...unsigned(LOCALS), V128]]), ...foldBody()])])),
  ]);
}

const VECTORS = PLANES * LANES;

// Locals: two parameters, then vectors.
const AT = 0;
const END = 1;
const state = (index: number) => 2 + index;
const next = (index: number) => 2 + VECTORS + index;
const low = (lane: number) => 2 + 2 * VECTORS + lane;
const high = (lane: number) => low(LANES) + lane;
const TABLE = high(LANES);
const LOW_NIBBLES = TABLE + 1;
const LOCALS = LOW_NIBBLES - 1;

function foldBody(): number[] {
  return [
    ...constant(15),
    ...set(LOW_NIBBLES),
    ...each(VECTORS, (index) => [...get(AT), ...load(index * VECTOR_LENGTH), ...set(state(index))]),
    ...advance(),
    ...[LOOP, EMPTY],
    ...each(VECTORS, (index) => [...get(AT), ...load(index * VECTOR_LENGTH), ...set(next(index))]),
    ...each(PLANES, movePlane),
    ...each(VECTORS, (index) => [...get(next(index)), ...set(state(index))]),
    ...advance(),
    ...[...get(AT), ...get(END), I32_LESS_UNSIGNED, BRANCH_IF, 0, CLOSE],
    ...each(VECTORS, (index) => [...i32(0), ...get(state(index)), ...store(STATE_ADDRESS + index * VECTOR_LENGTH)]),
    CLOSE,
  ];
}

/** Adds to every plane of `next` what one plane of `state` moves there. */
function movePlane(plane: number): number[] {
  return [
    ...each(LANES, (lane) => [
      ...[...get(state(plane * LANES + lane)), ...get(LOW_NIBBLES), ...AND, ...set(low(lane))],
      ...[...get(state(plane * LANES + lane)), ...i32(4), ...SHIFT_RIGHT_16, ...get(LOW_NIBBLES), ...AND],
      ...set(high(lane)),
    ]),
    ...each(2, (half) =>
      each(PLANES, (output) => [
        ...[...i32(0), ...load(TABLES_ADDRESS + ((plane * 2 + half) * PLANES + output) * TABLE_LENGTH), ...set(TABLE)],
        ...each(LANES, (lane) => [
          ...[...get(TABLE), ...get(half === 0 ? low(lane) : high(lane)), ...RELAXED_SHUFFLE],
          ...[...get(next(output * LANES + lane)), ...XOR, ...set(next(output * LANES + lane))],
        ]),
      ]),
    ),
  ];
}

const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY = 0x40;
const LOOP = 0x03;
const CLOSE = 0x0b;
const BRANCH_IF = 0x0d;
const I32_LESS_UNSIGNED = 0x49;
const I32_ADD = 0x6a;
const AND = simd(78);
const XOR = simd(81);
const SHIFT_RIGHT_16 = simd(141);
const RELAXED_SHUFFLE = simd(256);

function advance(): number[] {
  return [...get(AT), ...i32(BLOCK_LENGTH), I32_ADD, ...set(AT)];
}
function get(local: number): number[] {
  return [0x20, local];
}
function set(local: number): number[] {
  return [0x21, local];
}
function i32(value: number): number[] {
  // Signed numbers keep their sign in bit 6 of the last byte; ours are positive, a last byte of 0 says so.
  return value < 64 ? [0x41, value] : [0x41, (value & 127) | 128, value >>> 7];
}
/** A vector whose sixteen bytes are all `byte`. */
function constant(byte: number): number[] {
  return [...simd(12), ...Array<number>(VECTOR_LENGTH).fill(byte)];
}
/** Unaligned-tolerant load at the address on the stack plus `offset`; the 4 is the alignment hint, 2^4. */
function load(offset: number): number[] {
  return [...simd(0), 4, ...unsigned(offset)];
}
function store(offset: number): number[] {
  return [...simd(11), 4, ...unsigned(offset)];
}
function simd(operation: number): number[] {
  return [0xfd, ...unsigned(operation)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}
function exported(name: string, kind: number): number[] {
  return [...sized([...new TextEncoder().encode(name)]), kind, 0];
}
function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}
function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}
/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
function each(count: number, emit: (index: number) => number[]): number[] {
  return Array.from({ length: count }, (_, index) => emit(index)).flat();
}
