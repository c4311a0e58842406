import type { StreamEntry, Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { planOffer } from './plan-offer.ts';

const full: StreamEntry = { kind: 'full', ...bodyOf('full', [600, 400]) };

describe('which streams a release offers', () => {
  it('are the full one and the incrementals below the share', () => {
    const [small, large] = [from('v1.0.0', 599), from('v0.9.0', 600)];
    expect(planOffer([full, small, large], { below: 0.6 })).toEqual({
      offered: [full, small],
      dropped: [large],
    });
  });

  it('are the full one alone where there is no other', () => {
    expect(planOffer([full], { below: 0.6 })).toEqual({ offered: [full], dropped: [] });
  });
});

function from(version: Version, bytes: number): StreamEntry {
  return { kind: 'incremental', parent: { version, uuid: `of ${version}` }, ...bodyOf(version, [bytes]) };
}

function bodyOf(name: string, sizes: readonly number[]) {
  return {
    protocol: 1,
    encoding: 'zstd' as const,
    rawBytes: 1000,
    rawSha256: 'ab'.repeat(32),
    assets: sizes.map((bytes, part) => ({ name: `${name}.${part}`, bytes, sha256: 'cd'.repeat(32), chunks: [] })),
  };
}
