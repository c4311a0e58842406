import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { deployment, type GivenHost, hostFacts, received } from '../../test/host-facts.ts';
import { chooseRollback, planStaying } from './plan-rollback.ts';

const ALL: readonly Version[] = ['v1.0.0', 'v2.0.0', 'v3.0.0'];
const HOST: GivenHost = {
  deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0'), deployment(3, 'v3.0.0')],
  active: 3,
  received: ALL.map((version) => received(version)),
};

function chosen(differing: GivenHost, wanted?: Version): number {
  const { active, to } = chooseRollback(hostFacts({ ...HOST, ...differing }), wanted);
  expect(active.number).toBe(differing.active ?? HOST.active);
  return to.number;
}

describe('chooseRollback', () => {
  it.each<[string, GivenHost, number]>([
    ['the newest that was good before', {}, 2],
    ['none that is blocked', { blocked: new Map([['v2.0.0', 'failed']]) }, 1],
    [
      'none whose version is not here any more',
      { received: ['v1.0.0', 'v3.0.0'].map((one) => received(one as Version)) },
      1,
    ],
    ['none that is recorded and whose subvolume is gone', { present: ['v1.0.0', 'v3.0.0'] }, 1],
    [
      'none that was never good',
      { deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0', { state: 'bad' }), deployment(3, 'v3.0.0')] },
      1,
    ],
    [
      'none of the same version',
      { deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v3.0.0'), deployment(3, 'v3.0.0')] },
      1,
    ],
    [
      'none that came after the active one',
      { deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0'), deployment(3, 'v3.0.0')], active: 2 },
      1,
    ],
    [
      'the last of several of one version',
      { deployments: [deployment(1, 'v2.0.0'), deployment(2, 'v2.0.0'), deployment(3, 'v3.0.0')] },
      2,
    ],
  ])('takes %s', (_, differing, number) => {
    expect(chosen(differing)).toBe(number);
  });

  it('takes a blocked version when it is named', () => {
    expect(chosen({ blocked: new Map([['v2.0.0', 'failed']]) }, 'v2.0.0')).toBe(2);
  });

  it.each<[string, GivenHost, Version | undefined, string]>([
    ['nothing is active', { active: 9 }, undefined, 'DEPLOY_NOTHING_ACTIVE'],
    ['the active one is the first', { active: 1 }, undefined, 'DEPLOY_NOTHING_TO_ROLL_BACK_TO'],
    ['the named version is the active one', {}, 'v3.0.0', 'DEPLOY_NOTHING_TO_ROLL_BACK_TO'],
    ['the named version never ran here', {}, 'v2.5.0', 'DEPLOY_NOTHING_TO_ROLL_BACK_TO'],
    ['the named version came later', { active: 2 }, 'v3.0.0', 'DEPLOY_NOTHING_TO_ROLL_BACK_TO'],
    [
      'all others are blocked',
      { blocked: new Map(ALL.map((one) => [one, 'failed'])) },
      undefined,
      'DEPLOY_NOTHING_TO_ROLL_BACK_TO',
    ],
  ])('refuses when %s', (_, differing, wanted, code) => {
    expect(() => chooseRollback(hostFacts({ ...HOST, ...differing }), wanted)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('planStaying', () => {
  it('has nothing to do when the named version runs and is good', () => {
    expect(planStaying(hostFacts(HOST), 'v3.0.0')).toMatchObject({ notes: ['v3.0.0 is active'], steps: [] });
  });

  it.each<[string, GivenHost, Version | undefined]>([
    ['another version is named', {}, 'v2.0.0'],
    ['no version is named', {}, undefined],
    ['nothing is active', { active: 9 }, 'v3.0.0'],
    ['it is not good', { deployments: [deployment(3, 'v3.0.0', { state: 'bad' })] }, 'v3.0.0'],
  ])('leaves it to others when %s', (_, differing, wanted) => {
    expect(planStaying(hostFacts({ ...HOST, ...differing }), wanted)).toBeUndefined();
  });
});
