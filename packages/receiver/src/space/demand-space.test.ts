import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomWith } from '../../test/given-room.ts';
import { deployment, hostFacts, received, release } from '../../test/host-facts.ts';
import { demandSpace, findLack } from './demand-space.ts';
import { freeableOf, hintOf } from './freeable.ts';
import { needOf } from './need.ts';

const MIB = 1024 * 1024;
const POOL = '/var/lib/app';
const NEED = { data: 100 * MIB, metadata: 10 * MIB };
const NOTHING = { versions: [], beingCleaned: 0, pool: POOL };
const lackIn = (given: Parameters<typeof roomWith>[0]) => findLack(roomWith(given), POOL, NEED);

describe('findLack', () => {
  it('lets in what fits to the byte', () => {
    const data = { free: NEED.data, ratio: 1 };
    const metadata = { free: NEED.metadata, ratio: 2 };
    expect(lackIn({ data, metadata })).toBeUndefined();
    expect(lackIn({ data: { ...data, free: NEED.data - 1 }, metadata })).toMatchObject({
      kind: 'data',
      needed: NEED.data,
      free: NEED.data - 1,
    });
    expect(lackIn({ data, metadata: { ...metadata, free: NEED.metadata - 1 } })).toMatchObject({
      kind: 'metadata',
      needed: NEED.metadata,
      free: NEED.metadata - 1,
    });
  });

  it('counts what is unallocated by what a byte of each kind costs', () => {
    const none = { free: 0, ratio: 2 };
    expect(lackIn({ metadata: none, unallocated: 20 * MIB })).toBeUndefined();
    expect(lackIn({ metadata: none, unallocated: 20 * MIB - 2 })).toMatchObject({ kind: 'metadata' });
  });

  it('does not give the same unallocated bytes to both kinds', () => {
    const [data, metadata] = [
      { free: 0, ratio: 1 },
      { free: 0, ratio: 2 },
    ];
    expect(lackIn({ data, metadata, unallocated: 120 * MIB })).toBeUndefined();
    expect(lackIn({ data, metadata, unallocated: 119 * MIB })).toEqual({
      kind: 'data and metadata',
      needed: 120 * MIB,
      free: 119 * MIB,
      where: expect.stringContaining(POOL),
    });
  });

  it('obeys the quota of a group, and lets a limit of the pool itself be one for records', () => {
    const quota = (group: string, free: number) => lackIn({ quotas: [{ group, free, limit: 200 * MIB }] });
    expect(quota('1/0', 109 * MIB)).toMatchObject({ kind: 'quota', needed: 110 * MIB, free: 109 * MIB });
    expect(quota('1/0', 110 * MIB)).toBeUndefined();
    expect(quota('0/5', 2 * MIB)).toBeUndefined();
    expect(quota('0/5', 1000)).toMatchObject({ kind: 'quota', free: 1000 });
  });

  it('looks below an image that promises more than the host has', () => {
    const below = { image: '/var/lib/app.btrfs', promised: 1000 * MIB, free: 109 * MIB };
    expect(lackIn({ below })).toMatchObject({ kind: 'the host below', needed: 110 * MIB, free: 109 * MIB });
    expect(lackIn({ below: { ...below, free: 110 * MIB } })).toBeUndefined();
    // What the image has taken already costs the host nothing.
    expect(lackIn({ below: { ...below, promised: 0, free: 0 } })).toBeUndefined();
  });

  it('never refuses with more room what it took with less', () => {
    const bytes = fc.integer({ min: 0, max: 300 * MIB });
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (data, metadata, unallocated, more) => {
        const room = { data: { free: data, ratio: 1 }, metadata: { free: metadata, ratio: 2 }, unallocated };
        if (lackIn(room) !== undefined) return;
        expect(lackIn({ ...room, unallocated: unallocated + more })).toBeUndefined();
        expect(lackIn({ ...room, data: { free: data + more, ratio: 1 } })).toBeUndefined();
      }),
    );
  });
});

describe('demandSpace', () => {
  it('refuses with both numbers', () => {
    const room = roomWith({ data: { free: 1000, ratio: 1 } });
    expect(() => demandSpace(room, { what: 'v2.0.0', pool: POOL, need: NEED }, NOTHING)).toThrow(
      expect.objectContaining({
        code: 'RECEIVE_NO_SPACE',
        exitCode: 8,
        message: expect.stringMatching(`v2.0.0 needs .*[(]${NEED.data} bytes[)] of data in ${POOL}.*[(]1000 bytes`),
      }),
    );
  });

  it('refuses a pool that takes no writes, however much room it has', () => {
    const room = roomWith({ readOnly: true });
    expect(() => demandSpace(room, { what: 'v2.0.0', pool: POOL, need: NEED }, NOTHING)).toThrow(
      expect.objectContaining({ code: 'SPACE_READ_ONLY', exitCode: 8 }),
    );
  });
});

describe('what to free', () => {
  it('is the versions that nothing here keeps', () => {
    const versions = ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'] as const;
    const host = hostFacts({
      received: versions.map((version) => received(version)),
      deployments: [deployment(1, 'v1.1.0')],
      active: 1,
    });
    const freeable = freeableOf(host, 2, { beingCleaned: 0 });
    expect(freeable.versions).toEqual(['v1.0.0']);
    expect(hintOf({ kind: 'data' }, freeable)).toMatch(/prune`: nothing here keeps v1\.0\.0, or make the pool larger/);
  });

  it('is not in the pool when the host below is full', () => {
    expect(hintOf({ kind: 'the host below' }, NOTHING)).toMatch(/outside the pool/);
  });

  it('comes by itself from what was deleted a moment ago', () => {
    expect(hintOf({ kind: 'metadata' }, { ...NOTHING, beingCleaned: 2 })).toMatch(/subvolume sync \/var\/lib\/app/);
  });
});

describe('needOf', () => {
  const { manifest } = release('v2.0.0', ['v1.0.0']);
  const [full, incremental] = manifest.streams;
  if (full === undefined || incremental === undefined) throw new Error('the release has two streams');

  it('is the contents for a full stream, and at most its length for an incremental one', () => {
    expect(needOf(manifest, full).data).toBeGreaterThan(full.rawBytes);
    expect(needOf(manifest, full).data).toBeLessThan(full.rawBytes * 1.5);
    expect(needOf(manifest, incremental).data).toBeLessThan(full.rawBytes);
  });

  it('grows with the number of files, by what each costs in metadata', () => {
    const many = { snapshot: { ...manifest.snapshot, files: 1_000_000 } };
    expect(needOf(many, full).metadata).toBeGreaterThan(2.8 * 1024 * 1_000_000);
    // So short a stream cannot touch so many.
    expect(needOf(many, incremental).metadata).toBeLessThan(incremental.rawBytes * 300);
  });

  it('does not believe that compressed extents stay compressed', () => {
    const packed = { ...full, protocol: 2, rawBytes: MIB };
    expect(needOf(manifest, packed).data).toBeGreaterThan(manifest.snapshot.bytes);
  });
});
