import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { deployment, hostFacts, LAYOUT, NOW } from '../../test/host-facts.ts';
import { componentOf } from '../../test/integration-model.ts';
import { planMountActive, planMountVersion } from './plan-mount.ts';

const COMPONENTS = [componentOf('core', 'files:\n  - { path: bin/op, target: /usr/bin/op, type: symlink }\n')];
const ONE = deployment(1, 'v1.0.0');
const STAGED = deployment(2, 'v2.0.0', { state: 'staged' });
const rootOf = (number: number) => LAYOUT.deployment(number).root;
const own = (number: number) => ({ at: rootOf(number), upper: LAYOUT.deployment(number).upper });

describe('planMountActive', () => {
  it('mounts the active deployment with its own writable layer', () => {
    const { steps } = planMountActive(hostFacts({ deployments: [ONE, STAGED], active: 1 }));
    expect(steps).toMatchObject([{ kind: 'mount-deployment', number: 1, version: 'v1.0.0', layer: 'own' }]);
  });

  it('has nothing to do when it is mounted', () => {
    expect(planMountActive(hostFacts({ deployments: [ONE], active: 1, overlays: [own(1)] })).steps).toEqual([]);
  });

  it('refuses when something else is mounted there', () => {
    const foreign = { at: rootOf(1), upper: '/somewhere/else' };
    for (const given of [{ mounted: [rootOf(1)] }, { overlays: [foreign] }]) {
      expect(() => planMountActive(hostFacts({ deployments: [ONE], active: 1, ...given }))).toThrow(
        expect.objectContaining({ code: 'SYSTEM_MOUNT_BUSY' }),
      );
    }
  });

  it('refuses when nothing is active', () => {
    expect(() => planMountActive(hostFacts({ deployments: [ONE] }))).toThrow(
      expect.objectContaining({ code: 'DEPLOY_NOTHING_ACTIVE' }),
    );
  });
});

describe('planMountVersion', () => {
  it('stages a new deployment with an empty writable layer on a host where nothing is active', async () => {
    const plan = planMountVersion(hostFacts(), 'v1.0.0', COMPONENTS, NOW);
    await expectPlan('mount-first', plan);
    expect(plan.steps[1]).toMatchObject({
      upper: { kind: 'empty' },
      farm: [{ path: 'usr/bin/op', text: '../../../root/stage-1-core/bin/op' }],
      record: { number: 1, state: 'staged', createdAt: NOW.toISOString() },
    });
  });

  it('continues the writable layer of the active deployment', () => {
    const { steps } = planMountVersion(hostFacts({ deployments: [ONE], active: 1 }), 'v2.0.0', COMPONENTS, NOW);
    expect(steps[1]).toMatchObject({ upper: { kind: 'continued', of: 1 }, record: { number: 2, previous: 1 } });
  });

  it('mounts again what was staged before, and what is active, instead of making a new deployment', () => {
    const host = hostFacts({ deployments: [ONE, STAGED], active: 1 });
    expect(planMountVersion(host, 'v2.0.0', COMPONENTS, NOW).steps).toMatchObject([{ number: 2 }]);
    expect(planMountVersion(host, 'v1.0.0', COMPONENTS, NOW).steps).toMatchObject([{ number: 1 }]);
  });

  it('makes a new deployment of a version that was good before and is not active any more', () => {
    const host = hostFacts({ deployments: [ONE, deployment(2, 'v2.0.0')], active: 2 });
    expect(planMountVersion(host, 'v1.0.0', COMPONENTS, NOW).steps[1]).toMatchObject({ record: { number: 3 } });
  });
});
