import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regroup } from './regroup.ts';

async function* from(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

describe('regroup', () => {
  it('cuts any pieces into views of one size, the last one shorter, and loses nothing', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 12 }), async (input, size) => {
        const views: Uint8Array[] = [];
        for await (const view of regroup(from(input), size)) views.push(Buffer.from(view));

        expect(Buffer.concat(views)).toEqual(Buffer.concat(input));
        expect(views.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(views.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });

  it('passes a piece that fits on without a copy', async () => {
    const piece = Uint8Array.of(1, 2, 3, 4);
    for await (const view of regroup(from([piece]), 2)) expect(view.buffer).toBe(piece.buffer);
  });
});
