import { renderPlan } from '@goldstream/plan';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../layout.ts';
import type { PoolFacts } from './facts.ts';
import { planInit } from './plan-init.ts';

const nothing: PoolFacts = {
  layout: layoutOf('/', 'shop'),
  imageBytes: undefined,
  mounted: false,
  onBtrfs: false,
  names: [],
  complete: false,
};

describe('the plan of init', () => {
  it('makes an image where the directory is not on Btrfs', () => {
    expect(renderPlan(planInit(nothing, 2 ** 34))).toMatchInlineSnapshot(`
      "a pool for shop at /var/lib/goldstream/shop:
        note: the directory is not on Btrfs
        1. make /var/lib/goldstream/shop.btrfs, a sparse file of at most 16.0 GiB with a Btrfs in it
        2. mount /var/lib/goldstream/shop.btrfs at /var/lib/goldstream/shop
        3. make the golden subvolume and the directories beside it, where they are missing
      "
    `);
  });

  it('uses a directory that is on Btrfs', () => {
    expect(renderPlan(planInit({ ...nothing, onBtrfs: true }, 2 ** 34))).toMatchInlineSnapshot(`
      "a pool for shop at /var/lib/goldstream/shop:
        note: the directory lies on Btrfs already
        1. make the golden subvolume and the directories beside it, where they are missing
      "
    `);
  });

  it('mounts an image that exists instead of making another, also where the directory is on Btrfs', () => {
    for (const onBtrfs of [false, true]) {
      const { steps } = planInit({ ...nothing, imageBytes: 2 ** 30, onBtrfs }, 2 ** 34);
      expect(steps.map(({ kind }) => kind)).toEqual(['mount-image', 'make-layout']);
    }
  });

  it('has nothing to do the second time', () => {
    const mounted = { imageBytes: 2 ** 30, mounted: true, onBtrfs: true, names: ['golden'], complete: true };
    expect(planInit({ ...nothing, ...mounted }, 2 ** 34).steps).toEqual([]);
    expect(planInit({ ...nothing, onBtrfs: true, complete: true }, 2 ** 34).steps).toEqual([]);
  });

  it('hides no files under a mount', () => {
    expect(() => planInit({ ...nothing, names: ['precious'] }, 2 ** 34)).toThrowError(
      expect.objectContaining({ code: 'BUILDER_POOL_BLOCKED', message: expect.stringContaining('precious') }),
    );
    expect(() => planInit({ ...nothing, mounted: true }, 2 ** 34)).toThrowError(
      expect.objectContaining({ code: 'BUILDER_POOL_BLOCKED' }),
    );
  });
});
