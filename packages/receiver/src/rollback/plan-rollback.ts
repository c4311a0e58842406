import { continuing, type Plan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import type { DeployFacts } from '../deploy/facts.ts';
import { blockStep, intendSwitch, judgeSteps } from '../deploy/plan-deploy.ts';
import { holdingUnits, stopSteps, writingUnits } from '../deploy/plan-holders.ts';
import type { DeployStep } from '../deploy/step.ts';
import { ReceiverError } from '../error.ts';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { deploymentSite } from '../integrate/site.ts';
import { persistPlaces } from '../persist/persist-place.ts';
import { planStateBackup } from '../persist/state-backup.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE } from '../transaction/step.ts';

/** Where a rollback leads: a deployment that was good here, of another version than the active one. */
export interface RollbackTarget {
  readonly active: DeploymentRecord;
  readonly to: DeploymentRecord;
}

/**
 * Picks the newest deployment before the active one that was good, is not blocked, and whose version is still here;
 * of the version `wanted`, when one is named.
 * @throws ReceiverError `DEPLOY_NOTHING_ACTIVE`, `DEPLOY_NOTHING_TO_ROLL_BACK_TO`
 */
export function chooseRollback(host: HostFacts, wanted: Version | undefined): RollbackTarget {
  const { active, deployments } = host;
  if (active === undefined)
    throw new ReceiverError('DEPLOY_NOTHING_ACTIVE', 'nothing is deployed, so there is nothing to roll back');
  const here = new Set(receivedVersions(host).map(({ version }) => version));
  const to = deployments.findLast(
    ({ version, state, number }) =>
      number < active.number &&
      state === 'good' &&
      version !== active.version &&
      here.has(version) &&
      (wanted === undefined ? !host.blocked.has(version) : version === wanted),
  );
  if (to !== undefined) return { active, to };
  throw new ReceiverError(
    'DEPLOY_NOTHING_TO_ROLL_BACK_TO',
    wanted === undefined
      ? `no version before ${active.version} was good on this host and is still here`
      : `${wanted} was never good on this host, or is not here any more`,
    { hint: 'See `goldstream-receiver status` for what is here; a newer version is deployed, not rolled back to.' },
  );
}

/**
 * What `rollback VERSION` does where that version runs already: nothing. So the same command can be given again after it
 * was interrupted, whichever way that ended; a rollback that names no version goes back one further each time.
 */
export function planStaying({ active }: HostFacts, wanted: Version | undefined): Plan<never> | undefined {
  if (wanted === undefined || active?.version !== wanted || active.state !== 'good') return undefined;
  return { goal: `run ${wanted}`, notes: [`${wanted} is active`], steps: [] };
}

/**
 * `--with-state`: one rename back to the earlier deployment, its writable layer as it was left. What was written since
 * stays in the layer of the deployment that is left.
 */
export function planRollbackWithState(facts: DeployFacts, { active, to }: RollbackTarget): Plan<DeployStep> {
  const site = deploymentSite(facts.host.layout);
  const integration = planIntegration({ ...facts, site, holding: holdingUnits(facts) });
  const backup = planStateBackup(facts.host.layout, active, persistPlaces(facts.previous.components), facts.now);
  const stops = writingUnits(facts);
  const blocks = { at: facts.now.toISOString(), reason: `rolled back to ${to.version} by an operator` };
  return {
    goal: `run ${to.version} as deployment ${numberName(to.number)} again, with its state of then`,
    notes: integration.notes,
    steps: [
      intendSwitch(facts.host, {
        kind: 'switching',
        from: active.number,
        to: to.number,
        begun: facts.now.toISOString(),
        stops: [...stops],
        starts: 0,
        blocks,
      }),
      ...integration.before,
      ...continuing<DeployStep>([
        ...stopSteps(stops),
        {
          kind: 'switch',
          says: `switch from ${active.version} to ${to.version}`,
          from: active.number,
          to: to.number,
          version: to.version,
          upper: { kind: 'own' },
          ...(backup === undefined ? {} : { backup }),
        },
        ...integration.after,
        ...judgeSteps(facts, [...integration.units.start, ...integration.units.restart]),
        blockStep(active, blocks),
        {
          kind: 'record',
          says: `note deployment ${numberName(to.number)} as good`,
          // Whatever blocked it, it was asked for now.
          record: {
            ...to,
            blocked: undefined,
            goodSince: facts.now.toISOString(),
            placed: [...integration.placed],
            enabled: [...integration.enabled],
            disabled: [...integration.disabled],
          },
        },
        ...integration.gone,
        CONCLUDE,
      ]),
    ],
  };
}
