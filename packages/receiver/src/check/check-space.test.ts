import { describe, expect, it } from 'vitest';
import { roomWith } from '../../test/given-room.ts';
import { judgeRoom } from './check-space.ts';

const GIB = 1024 ** 3;
const POOL = { free: 8 * GIB, total: 16 * GIB };

describe('judgeRoom', () => {
  it('is content with room', () => {
    expect(judgeRoom(roomWith(), POOL)).toBe('8.0 GiB of 16.0 GiB free');
  });

  it.each([
    ['the host has only', { below: { image: '/app.btrfs', promised: 10 * GIB, free: GIB } }],
    ['quota group 0/5 lets only', { quotas: [{ group: '0/5', free: 1024, limit: GIB }] }],
    ['only 1.0 MiB for metadata', { metadata: { free: 1024 ** 2, ratio: 2 } }],
  ])('warns that %s', (says, room) => {
    expect(judgeRoom(roomWith(room), POOL)).toMatchObject({ verdict: 'warn', found: expect.stringContaining(says) });
  });

  it('warns of little room', () => {
    expect(judgeRoom(roomWith(), { ...POOL, free: 1024 })).toMatchObject({ verdict: 'warn' });
  });

  it('is content with a host that has what the image promises', () => {
    const below = { image: '/app.btrfs', promised: GIB / 2, free: GIB };
    expect(judgeRoom(roomWith({ below }), POOL)).toBe('8.0 GiB of 16.0 GiB free');
  });
});
