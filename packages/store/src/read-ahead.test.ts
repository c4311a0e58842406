import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** Pieces whose memory is used again, as those of a file's reader. */
async function* reused(pieces: readonly Uint8Array[], onClose = () => {}): AsyncIterable<Uint8Array> {
  const memory = new Uint8Array(64);
  try {
    for (const piece of pieces) {
      memory.fill(255);
      memory.set(piece);
      yield memory.subarray(0, piece.length);
    }
  } finally {
    onClose();
  }
}

describe('readAhead', () => {
  it('gives the same bytes in views of one size, each valid until the next is asked for', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 64, max: 200 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 100 }), async (some, size) => {
        const views: Buffer[] = [];
        for await (const view of readAhead(reused(some), size)) {
          // Time for what is read ahead to do harm.
          await Promise.resolve();
          views.push(Buffer.from(view));
        }
        expect(Buffer.concat(views)).toEqual(Buffer.concat(some));
        for (const view of views.slice(0, -1)) expect(view.length).toBe(size);
      }),
    );
  });

  it('closes what it reads from, at the end, after a failure, and when nobody asks any more', async () => {
    let closed = 0;
    const source = () => reused([Buffer.from('one'), Buffer.from('two')], () => closed++);
    for await (const _ of readAhead(source(), 2)) if (closed === 0) break;
    expect(closed).toBe(1);
    const failing = async () => {
      for await (const _ of readAhead(source(), 2)) throw new Error('of who reads');
    };
    await expect(failing()).rejects.toThrow('of who reads');
    expect(closed).toBe(2);
  });

  it('hands on the failure of what it reads from, after what came before', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield Buffer.from('good');
      throw new Error('cut');
    }
    const seen: string[] = [];
    const read = async () => {
      for await (const view of readAhead(broken(), 2)) seen.push(Buffer.from(view).toString());
    };
    await expect(read()).rejects.toThrow('cut');
    expect(seen).toEqual(['go', 'od']);
  });
});
