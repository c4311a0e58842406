import { PlanError } from '@goldstream/plan';
import { StoreError } from '@goldstream/store';
import { SystemError } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import { roomWith } from '../../test/given-room.ts';
import { diskTroubleOf } from './disk-trouble.ts';
import { explained } from './explain-failure.ts';

const POOL = '/var/lib/app';
const MIB = 1024 * 1024;
const step = { kind: 'receive-stream', says: 'receive it' };
const tool = (said: string) => new SystemError('TOOL_FAILED', `btrfs receive ended with 1: ERROR: ${said}`);
const node = (code: string) => Object.assign(new Error(`${code}: write`), { code });
const known = { freeable: { versions: [], beingCleaned: 0, pool: POOL }, cause: undefined } as const;

describe('diskTroubleOf', () => {
  it.each([
    ['full', tool('writing to a failed: No space left on device')],
    ['quota', tool('writing to a failed: Disk quota exceeded')],
    ['failing', tool('writing to a failed: Input/output error')],
    ['read-only', tool('creating subvolume failed: Read-only file system')],
    ['full', node('ENOSPC')],
    ['quota', Object.assign(node('Unknown system error -122'), { errno: -122 })],
    ['failing', node('EIO')],
  ])('is %s, as a program or the kernel said', (trouble, cause) => {
    expect(diskTroubleOf(new PlanError([], step, cause))).toBe(trouble);
  });

  it('is nothing else', () => {
    for (const failure of [node('EACCES'), tool('cannot find parent subvolume'), new Error('x'), undefined]) {
      expect(diskTroubleOf(failure)).toBeUndefined();
    }
  });

  it('is not the disk of a store', () => {
    const failure = new StoreError('STORE_UNREADABLE', 'the stick fails', { cause: node('EIO') });
    expect(diskTroubleOf(new PlanError([], step, failure))).toBeUndefined();
  });
});

describe('an explained failure', () => {
  it.each([
    ['data', { data: { free: 0, ratio: 1 } }],
    ['metadata', { metadata: { free: 0, ratio: 2 } }],
  ])('says that %s ran out', (what, room) => {
    expect(explained('full', POOL, roomWith(room), known)).toMatchObject({
      code: 'SPACE_EXHAUSTED',
      exitCode: 8,
      message: expect.stringContaining(`${what} ran out`),
      hint: expect.stringContaining('prune'),
    });
  });

  it('names the full host below, whatever the pool said', () => {
    const room = roomWith({ readOnly: true, below: { image: '/pool.img', promised: 100 * MIB, free: 0 } });
    for (const trouble of ['failing', 'read-only', 'full'] as const) {
      expect(explained(trouble, POOL, room, known)).toMatchObject({
        code: 'SPACE_EXHAUSTED',
        message: expect.stringContaining('/pool.img'),
        hint: expect.stringMatching(/outside the pool.*mount it again/),
      });
    }
  });

  it('tells a disk that fails from one that became read-only', () => {
    expect(explained('failing', POOL, roomWith(), known)).toMatchObject({ code: 'SPACE_DISK_FAILED' });
    expect(explained('failing', POOL, roomWith({ readOnly: true }), known)).toMatchObject({ code: 'SPACE_READ_ONLY' });
  });

  it('names another filesystem where the pool itself has room', () => {
    const elsewhere = { path: '/etc', free: 0 };
    expect(explained('full', POOL, roomWith(), { ...known, elsewhere })).toMatchObject({
      code: 'SPACE_EXHAUSTED',
      message: expect.stringMatching(/^the filesystem of \/etc is full/),
      hint: expect.stringContaining('outside the pool'),
    });
    const full = roomWith({ data: { free: 0, ratio: 1 } });
    expect(explained('full', POOL, full, { ...known, elsewhere }).message).toContain('data ran out');
  });

  it('names what was written into the active deployment', () => {
    const written = { path: '/var/lib/app/overlay/0001/upper', bytes: 100 * MIB };
    const freeable = { ...known.freeable, written };
    const full = roomWith({ data: { free: 0, ratio: 1 } });
    expect(explained('full', POOL, full, { ...known, freeable }).hint).toContain('takes 100.0 MiB: look into /var/lib');
    const little = { ...freeable, written: { ...written, bytes: 1 } };
    expect(explained('full', POOL, full, { ...known, freeable: little }).hint).not.toContain('look into');
  });

  it('names the quota', () => {
    const room = roomWith({ quotas: [{ group: '0/5', limit: 20 * MIB, free: 0 }] });
    expect(explained('quota', POOL, room, known)).toMatchObject({
      code: 'SPACE_QUOTA_EXCEEDED',
      message: expect.stringContaining('0/5'),
    });
  });

  it('does without what could not be looked at', () => {
    expect(explained('full', POOL, undefined, known)).toMatchObject({ code: 'SPACE_EXHAUSTED' });
  });
});
