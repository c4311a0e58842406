import { type ValueOf, WIRE_TYPE } from '../attribute-value.ts';
import type { AttributeName } from '../protocol.ts';

/**
 * The value of an attribute as it is written, in pieces; bytes are the given ones themselves.
 * @param value of the type that `AttributeValue<name>` says
 * @throws RangeError when a number does not fit its field, or a UUID is none
 */
export function encodeAttribute(name: AttributeName, value: unknown): readonly Uint8Array[] {
  const type = WIRE_TYPE[name];
  // The value has the type of its name: what the types of encodeCommand's callers say.
  if (type === 'pieces') return value as ValueOf['pieces'];
  const encode = ENCODE[type] as (value: unknown) => Uint8Array;
  return [encode(value)];
}

const ENCODE: { readonly [Type in Exclude<keyof ValueOf, 'pieces'>]: (value: ValueOf[Type]) => Uint8Array } = {
  u8: (value) => Uint8Array.of(fitting(value, 1)),
  u32: (value) => fixed(4, (view) => view.setUint32(0, fitting(value, 4), true)),
  u64: (value) => fixed(8, (view) => view.setBigUint64(0, fittingUnsigned(value), true)),
  uuid: parseUuid,
  timespec: ({ seconds, nanoseconds }) =>
    fixed(12, (view) => {
      view.setBigInt64(0, fittingSigned(seconds), true);
      view.setUint32(8, fitting(nanoseconds, 4), true);
    }),
  bytes: (bytes) => bytes,
};

function fixed(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}

function fitting(value: number, bytes: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** (8 * bytes)) return value;
  throw new RangeError(`${value} does not fit ${bytes} bytes`);
}

function fittingUnsigned(value: bigint): bigint {
  if (value === BigInt.asUintN(64, value)) return value;
  throw new RangeError(`${value} does not fit 64 bits`);
}

function fittingSigned(value: bigint): bigint {
  if (value === BigInt.asIntN(64, value)) return value;
  throw new RangeError(`${value} does not fit 64 bits with a sign`);
}

function parseUuid(uuid: string): Uint8Array {
  const bytes = UUID.test(uuid) ? uuid.match(/[0-9a-f]{2}/g)?.map((byte) => Number.parseInt(byte, 16)) : undefined;
  if (bytes === undefined) throw new RangeError(`"${uuid}" is no UUID, expected lower case with dashes`);
  return Uint8Array.from(bytes);
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
