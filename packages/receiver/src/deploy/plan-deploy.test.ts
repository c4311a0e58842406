import type { ProcessOnMount } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { deployment, hostFacts, LAYOUT, NOW, received } from '../../test/host-facts.ts';
import { componentOf, ModelSystem, sourcesOf } from '../../test/integration-model.ts';
import { placedBy } from '../integrate/integration-plan.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { deploymentSite } from '../integrate/site.ts';
import { NOTHING_BEFORE, type Previous } from '../integrate/system-facts.ts';
import { planRollbackWithState } from '../rollback/plan-rollback.ts';
import type { DeployFacts } from './facts.ts';
import { planDeploy } from './plan-deploy.ts';

const UNIT = '/etc/systemd/system/op.service';
const files = (more = '') => `files:
  - { path: bin/op, target: /usr/bin/op, type: symlink }
  - { path: op.service, target: ${UNIT}, type: systemd-unit }
${more}services: [op.service]
`;
const V1 = [componentOf('core', files('  - { path: etc/a, target: /etc/a, type: copy }\n'))];
const V2 = [componentOf('core', files('  - { path: bin/new, target: /usr/bin/new, type: symlink }\n'))];
const SITE = deploymentSite(LAYOUT);

/** A host on which nothing was deployed yet. */
function first({ daemon = false } = {}): DeployFacts {
  return {
    host: hostFacts({ received: [received('v1.0.0')] }),
    version: 'v1.0.0',
    components: V1,
    system: new ModelSystem().facts(V1, sourcesOf({ '/etc/a': 'a', [UNIT]: 'b' }), NOTHING_BEFORE, { daemon }),
    previous: NOTHING_BEFORE,
    holders: [],
    allowSuid: false,
    now: NOW,
  };
}

/** A host that runs v1.0.0 as deployment 1 and has v2.0.0. */
function upgrade({ daemon = false, holders = [] as readonly ProcessOnMount[] } = {}): DeployFacts {
  const system = new ModelSystem();
  const before = first({ daemon });
  const integration = planIntegration({ ...before, site: SITE });
  system.apply([...integration.before, ...integration.after]);
  const previous: Previous = placedBy(integration, V1);
  const active = deployment(1, 'v1.0.0', { placed: [...previous.placed], enabled: [...previous.enabled] });
  return {
    ...before,
    host: hostFacts({ deployments: [active], active: 1, received: [received('v1.0.0'), received('v2.0.0')] }),
    version: 'v2.0.0',
    components: V2,
    system: system.facts(V2, sourcesOf({ [UNIT]: 'c' }), previous, { daemon, changed: ['stage-1-core'] }),
    previous,
    holders,
  };
}

const kinds = (facts: DeployFacts, kind: 'deploy' | 'rollback') =>
  planDeploy(facts, { kind }).steps.map((step) => step.kind);

describe('planDeploy', () => {
  it('of a first version, in a tree where no systemd runs', async () => {
    await expectPlan('deploy-first', planDeploy(first(), { kind: 'deploy' }));
  });

  it('of a first version, on a host', async () => {
    await expectPlan('deploy-first-on-a-host', planDeploy(first({ daemon: true }), { kind: 'deploy' }));
  });

  it('of an upgrade, on a host where a unit writes to the active deployment', async () => {
    const holders = [process(7, 'op', 'op.service', true), process(8, 'reader', 'other.service', false)];
    await expectPlan('upgrade-on-a-host', planDeploy(upgrade({ daemon: true, holders }), { kind: 'deploy' }));
  });

  it('of a rollback, code only', async () => {
    await expectPlan('rollback', planDeploy(upgrade({ daemon: true }), { kind: 'rollback' }));
  });

  it.each(['deploy', 'rollback'] as const)(
    'of a %s switches exactly once, after it was said and before good',
    (kind) => {
      for (const facts of [first({ daemon: true }), upgrade({ daemon: true })]) {
        const { steps } = planDeploy(facts, { kind });
        const states = steps.flatMap((step) => {
          if (step.kind === 'switch' || step.kind === 'intend' || step.kind === 'conclude') return [step.kind];
          return step.kind === 'record' && step.record.number === facts.host.nextNumber ? [step.record.state] : [];
        });
        expect(states).toEqual(['intend', 'switch', 'good', 'conclude']);
      }
    },
  );

  it('changes nothing before the switch that the active version uses', () => {
    const all = kinds(upgrade({ daemon: true }), 'deploy');
    expect(all.slice(0, all.indexOf('switch'))).toEqual([
      'intend',
      'create-deployment',
      'mount-deployment',
      'check-tree',
      'unmount-provisional',
      'place-link',
    ]);
  });

  it('looks at a rollback’s version no more, and blocks what is left', () => {
    const { steps } = planDeploy(upgrade(), { kind: 'rollback' });
    expect(steps.map(({ kind }) => kind)).not.toContain('check-tree');
    expect(steps.map(({ kind }) => kind)).not.toContain('prune');
    expect(steps).toContainEqual(
      expect.objectContaining({
        kind: 'record',
        record: expect.objectContaining({ number: 1, blocked: { at: NOW.toISOString(), reason: expect.any(String) } }),
      }),
    );
  });

  it('refuses while somebody who is no service writes to the active deployment, and names them', () => {
    const holders = [
      process(7, 'op', 'op.service', true),
      process(9, 'vi', 'user@0.service', true),
      process(10, 'sh', undefined, true),
    ];
    expect(() => planDeploy(upgrade({ daemon: true, holders }), { kind: 'deploy' })).toThrow(
      expect.objectContaining({
        code: 'DEPLOY_WRITERS',
        message: expect.stringMatching(/vi \(process 9\), sh \(process 10\)/),
      }),
    );
  });

  it('refuses when something else is mounted at the new deployment’s place', () => {
    const facts = first();
    const host = hostFacts({ mounted: [LAYOUT.deployment(1).root] });
    expect(() => planDeploy({ ...facts, host }, { kind: 'deploy' })).toThrow(
      expect.objectContaining({ code: 'SYSTEM_MOUNT_BUSY' }),
    );
  });
});

describe('planRollbackWithState', () => {
  it('goes back to the earlier deployment itself, and what is left is blocked from the intent on', async () => {
    const facts = upgrade({ daemon: true });
    const [to] = facts.host.deployments;
    if (to === undefined) throw new Error('there is one');
    const active = deployment(2, 'v3.0.0');
    const blocked = { at: NOW.toISOString(), reason: 'rolled back' };
    const plan = planRollbackWithState({ ...facts, version: to.version }, { active, to: { ...to, blocked } });
    await expectPlan('rollback-with-state', plan);
    expect(plan.steps[0]).toMatchObject({
      kind: 'intend',
      intent: { from: 2, to: 1, blocks: { at: NOW.toISOString() } },
    });
    expect(plan.steps.filter(({ kind }) => kind === 'switch')).toMatchObject([
      { from: 2, to: 1, upper: { kind: 'own' } },
    ]);
    const good = plan.steps.findLast((step) => step.kind === 'record');
    expect(good).toMatchObject({ record: { number: 1, state: 'good', blocked: undefined } });
  });
});

function process(pid: number, command: string, unit: string | undefined, writes: boolean): ProcessOnMount {
  return { pid, command, unit, holds: ['descriptor'], writes };
}
