import { join } from 'node:path';
import { continuing, type Plan } from '@goldstream/plan';
import { compareVersions, type Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import { planFarm } from '../integrate/plan-farm.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { deploymentSite } from '../integrate/site.ts';
import type { Drop } from '../overlay/drop.ts';
import type { EditsPlan } from '../overlay/plan-edits.ts';
import { persistPlaces } from '../persist/persist-place.ts';
import { planStateBackup } from '../persist/state-backup.ts';
import type { IntentOf } from '../state/intent.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE, type Intend } from '../transaction/step.ts';
import { demandPlace } from './demand-place.ts';
import type { DeployFacts } from './facts.ts';
import { holdingUnits, stopSteps, writingUnits } from './plan-holders.ts';
import type { ContinuedUpper, DeployStep, Record as RecordStep } from './step.ts';

/** How a version becomes active. */
export type Manner =
  /**
   * Mounted and checked beside the active one first. `adopt`: what somebody else has at a target is taken over; `edits`:
   * what of the active deployment's writable layer is not.
   */
  | { readonly kind: 'deploy'; readonly adopt?: boolean; readonly edits?: EditsPlan }
  /** Code only: a version that ran here before, under a snapshot of today's writable layer. Blocks what is left. */
  | { readonly kind: 'rollback' };

/**
 * Decides how a received version becomes active. A power cut after any step leaves the old deployment running or
 * bootable; exactly one step switches.
 */
export function planDeploy(facts: DeployFacts, manner: Manner): Plan<DeployStep> {
  const { host, version, components, now } = facts;
  const { active, layout, nextNumber: number } = host;
  demandPlace(host, number);
  const integration = planIntegration({
    ...facts,
    site: deploymentSite(layout),
    holding: holdingUnits(facts),
    adopt: manner.kind === 'deploy' && manner.adopt === true,
  });
  const backup = planStateBackup(layout, active, persistPlaces(facts.previous.components), now);
  const paths = layout.deployment(number);
  const record: DeploymentRecord = {
    number,
    version,
    state: 'staged',
    createdAt: now.toISOString(),
    ...(active === undefined ? {} : { previous: active.number }),
    placed: [...integration.placed],
    enabled: [...integration.enabled],
    disabled: [...integration.disabled],
  };
  const looking = manner.kind === 'deploy';
  const { drops, notes } = (looking ? manner.edits : undefined) ?? { drops: [], notes: [] };
  const stops = writingUnits(facts);
  const blocks = { at: now.toISOString(), reason: `rolled back to ${version} by an operator` };
  const steps: DeployStep[] = [
    intendSwitch(host, {
      kind: 'switching',
      from: active?.number,
      to: number,
      begun: now.toISOString(),
      stops: [...stops],
      starts: 0,
      ...(looking || active === undefined ? {} : { blocks }),
    }),
    {
      kind: 'create-deployment',
      says: `make deployment ${numberName(number)} of ${version}`,
      record,
      farm: planFarm(components),
      persist: persistPlaces(components),
      upper: upperOf(active, looking, drops),
    },
    ...(looking ? lookSteps(facts, number) : []),
    ...integration.before,
    ...continuing<DeployStep>([
      ...stopSteps(stops),
      {
        kind: 'switch',
        says: active === undefined ? `switch to ${version}` : `switch from ${active.version} to ${version}`,
        from: active?.number,
        to: number,
        version,
        upper: active === undefined ? { kind: 'own' } : continued('snapshot', active, drops),
        ...(backup === undefined ? {} : { backup }),
      },
      ...integration.after,
      ...judgeSteps(facts, [...integration.units.start, ...integration.units.restart]),
      ...(looking || active === undefined ? [] : [blockStep(active, blocks)]),
      {
        kind: 'record',
        says: `note deployment ${numberName(number)} as good`,
        record: { ...record, state: 'good', goodSince: now.toISOString() },
      },
      ...integration.gone,
      CONCLUDE,
    ]),
    // A rollback is over as soon as the old version runs.
    ...(looking ? [{ kind: 'prune' as const, says: 'remove versions and deployments that nobody needs' }] : []),
  ];
  return {
    goal: `run ${version} as deployment ${numberName(number)} (${paths.link})`,
    notes: [...notes, ...integration.notes],
    steps,
  };
}

/** What is known beside the versions: FROM as it was said, and whether a signed downgrade leads back. */
export interface UpgradeWish {
  readonly from: Version | undefined;
  readonly goesBack: boolean;
}

/** Refuses what only a rollback or a signed downgrade may do, and a FROM that is not so. */
export function demandUpgrade(
  active: DeploymentRecord | undefined,
  version: Version,
  { from, goesBack }: UpgradeWish,
): void {
  if (from !== undefined && active?.version !== from) {
    throw new ReceiverError(
      'DEPLOY_WRONG_FROM',
      `${from} was said to be active, found ${active?.version ?? 'nothing'} active`,
      {
        hint: 'Look at `goldstream-receiver status`, then say what is really active.',
      },
    );
  }
  if (active !== undefined && !goesBack && compareVersions(version, active.version) < 0) {
    throw new ReceiverError('DEPLOY_OLDER_THAN_ACTIVE', `${version} is older than ${active.version}, which is active`, {
      hint: `Use \`goldstream-receiver rollback ${version}\` to go back to a version that this host has run.`,
    });
  }
}

function upperOf(active: DeploymentRecord | undefined, looking: boolean, drops: readonly Drop[]) {
  if (active === undefined) return { kind: 'empty' } as const;
  return looking ? continued('provisional', active, drops) : ({ kind: 'later' } as const);
}

function continued<Kind extends string>(
  kind: Kind,
  { number: of }: DeploymentRecord,
  drops: readonly Drop[],
): ContinuedUpper<Kind> {
  return { kind, of, ...(drops.length === 0 ? {} : { drops }) };
}

function lookSteps({ host, version, components }: DeployFacts, number: number): DeployStep[] {
  const layer = host.active === undefined ? 'own' : 'provisional';
  const { root } = host.layout.deployment(number);
  const paths = components.flatMap(({ name, manifest }) => manifest.files.map(({ path }) => join(name, path)));
  return [
    { kind: 'mount-deployment', says: `mount it at ${root}`, number, version, layer },
    {
      kind: 'check-tree',
      says: `check that ${counted(paths.length, 'file')} of ${counted(components.length, 'component')} are in it`,
      root,
      paths,
    },
    ...(layer === 'provisional'
      ? [
          {
            kind: 'unmount-provisional' as const,
            says: 'unmount it; its writable layer is made anew at the switch',
            number,
          },
        ]
      : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Looks at units that were started, where they can be. */
export function judgeSteps({ system }: DeployFacts, units: readonly string[]): DeployStep[] {
  if (!system.daemon || units.length === 0) return [];
  return [{ kind: 'judge', says: `look whether ${units.join(', ')} did not fail`, units }];
}

/** The version that is left does not come back by itself; the intent has said so since before the rename. */
export function blockStep(left: DeploymentRecord, blocked: NonNullable<DeploymentRecord['blocked']>): RecordStep {
  const says = `note that ${left.version} is not deployed again by itself`;
  return { kind: 'record', says, record: { ...left, blocked } };
}

/** Says which deployment is to take the place of which. */
export function intendSwitch({ deployments }: HostFacts, intent: IntentOf<'switching'>): Intend {
  const { from, to } = intent;
  const left = deployments.find(({ number }) => number === from);
  const instead = left === undefined ? '' : ` instead of ${numberName(left.number)} (${left.version})`;
  return { kind: 'intend', says: `note that deployment ${numberName(to)} is to be active${instead}`, intent };
}
