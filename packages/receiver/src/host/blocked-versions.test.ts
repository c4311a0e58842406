import { describe, expect, it } from 'vitest';
import { deployment } from '../../test/host-facts.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { blockedVersions } from './blocked-versions.ts';

const at = '2026-11-22T02:00:00.000Z';
const failed: Partial<DeploymentRecord> = { state: 'bad', blocked: { at, reason: 'it failed' } };
const good: Partial<DeploymentRecord> = { goodSince: at };
const leftBehind: Partial<DeploymentRecord> = { blocked: { at, reason: 'rolled back' } };

describe('blockedVersions', () => {
  it.each<[string, DeploymentRecord[], [string, string][]]>([
    ['nothing where nothing happened', [], []],
    ['a version that failed', [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0', failed)], [['v2.0.0', 'it failed']]],
    [
      'a version that an operator went back from, though it was good',
      [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0', leftBehind), deployment(3, 'v1.0.0')],
      [['v2.0.0', 'rolled back']],
    ],
    ['none that failed and was good later', [deployment(1, 'v2.0.0', failed), deployment(2, 'v2.0.0', good)], []],
    [
      'none that was good later, also when that deployment was removed',
      [deployment(1, 'v2.0.0', failed), deployment(2, 'v2.0.0', { ...good, state: 'removed' })],
      [],
    ],
    [
      'a version that was good and failed later',
      [deployment(1, 'v2.0.0'), deployment(2, 'v2.0.0', failed)],
      [['v2.0.0', 'it failed']],
    ],
    [
      'a version whose failed deployment was removed',
      [deployment(1, 'v2.0.0', { ...failed, state: 'removed' })],
      [['v2.0.0', 'it failed']],
    ],
    [
      'a version that is only staged, or on trial, again',
      [
        deployment(1, 'v2.0.0', failed),
        deployment(2, 'v2.0.0', { state: 'staged' }),
        deployment(3, 'v2.0.0', { state: 'staged' }),
      ],
      [['v2.0.0', 'it failed']],
    ],
    [
      'a version for the last reason',
      [deployment(1, 'v2.0.0', failed), deployment(2, 'v2.0.0', leftBehind)],
      [['v2.0.0', 'rolled back']],
    ],
  ])('blocks %s', (_, deployments, blocked) => {
    expect([...blockedVersions(deployments)]).toEqual(blocked);
  });
});
