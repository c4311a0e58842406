import { describe, expect, it } from 'vitest';
import { deployment, hostFacts, LAYOUT } from '../../test/host-facts.ts';
import { planUnmount, type UnmountWish } from './plan-unmount.ts';

const rootOf = (number: number) => LAYOUT.deployment(number).root;
const HOST = hostFacts({
  deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0'), deployment(3, 'v3.0.0'), deployment(4, 'v2.0.0')],
  active: 3,
  mounted: [1, 2, 3, 4].map(rootOf),
});

function unmounted(wish: Partial<UnmountWish>, host = HOST) {
  return planUnmount(host, { version: undefined, active: false, ...wish }).steps.map(({ at }) => at);
}

describe('planUnmount', () => {
  it.each<[string, Partial<UnmountWish>, number[]]>([
    ['everything but the active one, unless told otherwise', {}, [1, 2, 4]],
    ['everything, when the active one is named, too', { active: true }, [1, 2, 3, 4]],
    ['all deployments of a version', { version: 'v2.0.0' }, [2, 4]],
    ['the active one when that is asked for', { version: 'v3.0.0', active: true }, [3]],
    ['nothing of a version that is not mounted', { version: 'v9.0.0' }, []],
  ])('unmounts %s', (_, wish, numbers) => {
    expect(unmounted(wish)).toEqual(numbers.map(rootOf));
  });

  it('refuses to take the active tree away by its version alone', () => {
    expect(() => unmounted({ version: 'v3.0.0' })).toThrow(expect.objectContaining({ code: 'DEPLOY_ACTIVE' }));
  });

  it('has nothing to do when nothing is mounted', () => {
    const bare = hostFacts({ deployments: HOST.deployments, active: 3 });
    expect([unmounted({ active: true }, bare), unmounted({ version: 'v3.0.0' }, bare)]).toEqual([[], []]);
  });
});
