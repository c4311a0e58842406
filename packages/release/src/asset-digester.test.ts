import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssetDigester } from './asset-digester.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('AssetDigester', () => {
  it('knows the digest of nothing, which has no chunk', () => {
    expect(new AssetDigester().digest()).toEqual({ bytes: 0, sha256: sha256(new Uint8Array()), chunks: [] });
  });

  it('gives the same digests however the bytes are cut', () => {
    const views = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(views, fc.integer({ min: 1, max: 16 }), (pieces, chunkBytes) => {
        const digester = new AssetDigester(chunkBytes);
        for (const piece of pieces) digester.update(piece);

        const whole = Buffer.concat(pieces);
        const chunks = Array.from({ length: Math.ceil(whole.length / chunkBytes) }, (_, index) =>
          sha256(whole.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
        );
        expect(digester.bytes).toBe(whole.length);
        expect(digester.digest()).toEqual({ bytes: whole.length, sha256: sha256(whole), chunks });
      }),
    );
  });
});
