import type { ByteQueue } from './byte-queue.ts';
import { SendStreamError } from './error.ts';
import { RECOGNISABLE_LENGTH, recogniseFile } from './file-kind.ts';
import { MAGIC, NEWEST_VERSION, STREAM_HEADER_LENGTH } from './protocol.ts';

/**
 * Takes the stream header and gives back the protocol version; undefined while bytes of it are missing.
 * @throws SendStreamError `SEND_STREAM_BAD_MAGIC`, naming the kind of file it is instead
 * @throws SendStreamError `SEND_STREAM_BAD_VERSION`
 * @throws SendStreamError `SEND_STREAM_TRUNCATED` when that was all
 */
export function readStreamHeader(waiting: ByteQueue, coming: 'more may come'): number | undefined;
export function readStreamHeader(waiting: ByteQueue, coming: 'that was all'): number;
export function readStreamHeader(waiting: ByteQueue, coming: 'more may come' | 'that was all'): number | undefined {
  const start = waiting.peek(RECOGNISABLE_LENGTH);
  const isStream = start.subarray(0, MAGIC.length).every((byte, index) => byte === MAGIC[index]);
  if (!isStream && (coming === 'that was all' || start.length === RECOGNISABLE_LENGTH)) throw notAStream(start);
  if (isStream && start.length >= STREAM_HEADER_LENGTH) {
    waiting.take(STREAM_HEADER_LENGTH);
    return supportedVersion(start);
  }
  if (coming === 'more may come') return undefined;
  const found = start.length === 0 ? 'there is nothing' : `the stream stops after ${start.length} bytes`;
  throw new SendStreamError('SEND_STREAM_TRUNCATED', start.length, `${found}, expected the stream header`);
}

function supportedVersion(header: Uint8Array): number {
  const version = new DataView(header.buffer, header.byteOffset).getUint32(MAGIC.length, true);
  if (version >= 1 && version <= NEWEST_VERSION) return version;
  const problem = `protocol version is ${version}, expected 1 to ${NEWEST_VERSION}`;
  throw new SendStreamError('SEND_STREAM_BAD_VERSION', MAGIC.length, problem);
}

function notAStream(start: Uint8Array): SendStreamError {
  const kind = recogniseFile(start);
  const found = kind === undefined ? 'this does not begin with the magic' : `this is ${kind.says}`;
  const hint = kind?.hint;
  return new SendStreamError('SEND_STREAM_BAD_MAGIC', 0, `${found}, expected a send stream ("btrfs-stream")`, { hint });
}
