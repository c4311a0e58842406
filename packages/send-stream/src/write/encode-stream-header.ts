import { MAGIC, NEWEST_VERSION, STREAM_HEADER_LENGTH } from '../protocol.ts';

/** The first bytes of a stream: magic and protocol version. @throws RangeError when there is no such protocol */
export function encodeStreamHeader(version: number): Uint8Array {
  if (!Number.isInteger(version) || version < 1 || version > NEWEST_VERSION) {
    throw new RangeError(`protocol version is ${version}, expected 1 to ${NEWEST_VERSION}`);
  }
  const header = new Uint8Array(STREAM_HEADER_LENGTH);
  header.set(MAGIC);
  new DataView(header.buffer).setUint32(MAGIC.length, version, true);
  return header;
}
