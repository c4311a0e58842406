import type { Cursor } from './cursor.ts';
import { SendStreamError } from './error.ts';
import { ATTRIBUTE, attributeLabel } from './protocol.ts';

/** One attribute of a command as it stands in the stream. */
export interface Attribute {
  /** Its number in send.h. */
  readonly type: number;
  /** Of its value, in bytes from the start of the stream. */
  readonly offset: number;
  /** Its value: views of the chunks it came in, in order. */
  readonly pieces: readonly Uint8Array[];
}

/**
 * Splits the payload of one command into its attributes (type, length, value).
 *
 * From protocol version 2 on the `data` attribute carries no length: it comes last and takes what is left
 * (send.h, comment on `BTRFS_SEND_A_DATA`).
 * @throws SendStreamError `SEND_STREAM_BAD_ATTRIBUTE` when one goes past the end of its command
 * @throws SendStreamError `SEND_STREAM_DUPLICATE_ATTRIBUTE`: readers would differ about which one counts
 */
export function readAttributes(payload: Cursor, version: number): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const seen = new SeenTypes();
  while (payload.remaining > 0) {
    const start = payload.offset;
    const type = payload.u16('attribute type');
    if (!seen.add(type)) {
      const problem = `${attributeLabel(type, version)} is there twice in one command`;
      throw new SendStreamError('SEND_STREAM_DUPLICATE_ATTRIBUTE', start, problem);
    }
    const takesTheRest = version >= 2 && type === ATTRIBUTE.data;
    const length = takesTheRest ? payload.remaining : payload.u16('attribute length');
    const { offset } = payload;
    attributes.push({ type, offset, pieces: payload.views(length, attributeLabel(type, version)) });
  }
  return attributes;
}

/** Numbers of attributes. Those of the kernel are below 36, most below 32: for these a command needs no set. */
class SeenTypes {
  #low = 0;
  #high: Set<number> | undefined;

  /** Notes a number; false when it was there before. */
  add(type: number): boolean {
    if (type < 32) {
      const before = this.#low;
      this.#low |= 1 << type;
      return this.#low !== before;
    }
    this.#high ??= new Set();
    const before = this.#high.size;
    return this.#high.add(type).size > before;
  }
}
