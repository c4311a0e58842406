import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { deployment, hostFacts, LAYOUT, NOW, received } from '../../test/host-facts.ts';
import { componentOf, ModelSystem, sourcesOf } from '../../test/integration-model.ts';
import { ReceiverError } from '../error.ts';
import type { IntentOf } from '../state/intent.ts';
import type { RecoverFacts } from './facts.ts';
import { partiesOf } from './parties.ts';
import { planRecover } from './plan-recover.ts';
import { type Circumstances, decide, unitPower } from './table.ts';

const UNIT = '/etc/systemd/system/op.service';
const CORE = [
  componentOf(
    'core',
    `files:\n  - { path: op.service, target: ${UNIT}, type: systemd-unit }\nservices: [op.service]\n`,
  ),
];
const SWITCHING: IntentOf<'switching'> = {
  kind: 'switching',
  from: 1,
  to: 2,
  begun: NOW.toISOString(),
  stops: ['ledger.service'],
  starts: 0,
};

interface Given extends Circumstances {
  readonly active: 1 | 2;
  readonly intent?: IntentOf<'switching' | 'returning'>;
  /** What stands in the way on the system. */
  readonly problem?: Error;
}

/** A host where systemd runs; v1.0.0 is deployment 1, v2.0.0 was to take its place as 2. */
function facts({ active, intent = SWITCHING, problem, ...circumstances }: Given): RecoverFacts {
  const host = hostFacts({
    deployments: [deployment(1, 'v1.0.0'), deployment(2, 'v2.0.0', { state: 'staged', previous: 1 })],
    active,
    received: [received('v1.0.0'), received('v2.0.0')],
    pending: intent,
  });
  const decision = decide(host.pending, active, circumstances);
  const previous = { placed: [], enabled: [], components: CORE };
  const system = new ModelSystem({}, { 'op.service': { enabled: 'enabled', active: 'active' } });
  return {
    host,
    decision,
    circumstances,
    power: unitPower(host.pending, active, decision, circumstances),
    parties: partiesOf(host, decision),
    meeting:
      problem === undefined
        ? {
            components: CORE,
            previous,
            system: system.facts(CORE, sourcesOf({ [UNIT]: 'b' }), previous, { daemon: true, changed: ['core'] }),
            holding: ['op.service'],
          }
        : { problem },
    layers: new Map([[LAYOUT.deployment(2).overlay, { path: LAYOUT.deployment(2).overlay, uuid: 'layer of 2' }]]),
    leftovers: [],
    allowSuid: false,
    now: NOW,
  };
}

const kinds = (given: Given) => planRecover(facts(given)).steps.map(({ kind }) => kind);

describe('planRecover', () => {
  it('of a switch that was cut off before the rename', async () => {
    await expectPlan('recover-undo', planRecover(facts({ active: 1, moment: 'command' })));
  });

  it('of a switch that was cut off after the rename', async () => {
    await expectPlan('recover-finish', planRecover(facts({ active: 2, moment: 'command' })));
  });

  it('of a trial that failed', async () => {
    const failure = 'op.service did not start';
    await expectPlan('recover-give-up', planRecover(facts({ active: 2, moment: 'command', failure })));
  });

  it('of a trial before services start', async () => {
    await expectPlan('recover-finish-early', planRecover(facts({ active: 2, moment: 'early' })));
  });

  it('of a trial after services were started', async () => {
    await expectPlan('recover-finish-late', planRecover(facts({ active: 2, moment: 'late' })));
  });

  it('says a change of direction before its rename', () => {
    const all = kinds({ active: 2, moment: 'command', failure: 'no' });
    expect(all.slice(0, 2)).toEqual(['intend', 'activate']);
  });

  it('touches no unit before services start', () => {
    const starts = { ...SWITCHING, starts: 3 };
    for (const given of [{ active: 1 }, { active: 2 }, { active: 2, intent: starts }] as const) {
      const units = kinds({ ...given, moment: 'early' }).filter((kind) =>
        /^(try|start|stop|restart)-units$/.test(kind),
      );
      expect(units).toEqual([]);
    }
  });

  it('restarts what runs from the version that failed, also when that came up with the host', () => {
    const failed = { at: NOW.toISOString(), reason: 'no' };
    const returning: IntentOf<'returning'> = { kind: 'returning', from: 2, to: 1, stops: [], failed };
    const verbs = (given: Given) =>
      planRecover(facts(given)).steps.flatMap((step) => (step.kind === 'try-units' ? [step.verb] : []));
    expect(verbs({ active: 2, moment: 'late', failure: 'no' })).toContain('restart');
    expect(verbs({ active: 2, moment: 'late', intent: returning })).toContain('restart');
    expect(verbs({ active: 1, moment: 'late', intent: returning })).toEqual(['start']);
  });

  it('goes back whatever stands in the way on the system, and notes it', () => {
    const problem = new ReceiverError('TARGET_CONFLICT', '/etc/a is a file of somebody else');
    const plan = planRecover(facts({ active: 2, moment: 'command', failure: 'no', problem }));
    expect(plan.notes).toEqual(['links, copies and units are left as they are: /etc/a is a file of somebody else']);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['intend', 'activate', 'record', 'conclude']);
    expect(() => planRecover(facts({ active: 2, moment: 'command', problem }))).toThrow(problem);
  });

  it('blocks the version that an operator went back from, as the intent has said', () => {
    const blocks = { at: NOW.toISOString(), reason: 'rolled back to v2.0.0 by an operator' };
    const { steps } = planRecover(facts({ active: 2, moment: 'command', intent: { ...SWITCHING, blocks } }));
    expect(steps.flatMap((step) => (step.kind === 'record' ? [step.record] : []))).toMatchObject([
      { number: 1, blocked: blocks },
      { number: 2, state: 'good', goodSince: NOW.toISOString() },
    ]);
  });

  it('is never stopped half-way', () => {
    const { steps } = planRecover(facts({ active: 2, moment: 'command' }));
    expect(steps.every(({ continues }) => continues)).toBe(true);
  });

  it('of nothing is nothing', () => {
    const { host, ...rest } = facts({ active: 1, moment: 'command' });
    expect(planRecover({ ...rest, host: { ...host, pending: undefined } }).steps).toEqual([]);
  });
});
