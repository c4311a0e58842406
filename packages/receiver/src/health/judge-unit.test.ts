import type { UnitFacts } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import { judgeUnit } from './judge-unit.ts';

const ACTIVE: UnitFacts = {
  unit: 'web.service',
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  result: 'success',
  serviceType: 'simple',
  restarts: 0,
  triggeredBy: [],
  skipped: false,
};
const INACTIVE = { ...ACTIVE, activeState: 'inactive', subState: 'dead' };

describe('judgeUnit', () => {
  it.each<[string, Partial<UnitFacts>]>([
    ['is active', {}],
    ['reloads', { activeState: 'reloading', subState: 'reload' }],
    ['waits for its socket', { ...INACTIVE, triggeredBy: ['web.socket'] }],
    ['is a oneshot that is done', { ...INACTIVE, serviceType: 'oneshot' }],
    ['was left out by its own conditions', { ...INACTIVE, skipped: true }],
    ['is a socket', { unit: 'web.socket', subState: 'listening', serviceType: undefined }],
  ])('takes a unit for well that %s', (_, facts) => {
    expect(judgeUnit({ ...ACTIVE, ...facts }, undefined)).toEqual({ kind: 'well' });
  });

  it.each<[string, string, Partial<UnitFacts>]>([
    ['dead', 'failed (timeout)', { activeState: 'failed', subState: 'failed', result: 'timeout' }],
    ['dead', 'cannot be started: systemd says not-found', { ...INACTIVE, loadState: 'not-found' }],
    ['dead', 'cannot be started: systemd says masked', { ...INACTIVE, loadState: 'masked' }],
    ['waiting', 'is still starting (start-pre)', { activeState: 'activating', subState: 'start-pre' }],
    [
      'failing',
      'ended by itself (exit-code), and systemd will start it again',
      { activeState: 'activating', subState: 'auto-restart', result: 'exit-code' },
    ],
    ['failing', 'is deactivating (stop-sigterm)', { activeState: 'deactivating', subState: 'stop-sigterm' }],
    ['failing', 'is not running', INACTIVE],
    ['failing', 'is not running', { ...INACTIVE, triggeredBy: ['web.socket'], result: 'core-dump' }],
  ])('says of a unit that is %s: it %s', (kind, because, facts) => {
    expect(judgeUnit({ ...ACTIVE, ...facts }, undefined)).toEqual({ kind, because });
  });

  it('sees between two looks that a service did not stay up', () => {
    const again = { ...ACTIVE, restarts: 2 };
    expect(judgeUnit(again, ACTIVE)).toMatchObject({ kind: 'failing' });
    expect(judgeUnit(again, again)).toEqual({ kind: 'well' });
  });

  it('begins to count anew when somebody started it by hand', () => {
    expect(judgeUnit(ACTIVE, { ...ACTIVE, restarts: 2 })).toEqual({ kind: 'well' });
  });
});
