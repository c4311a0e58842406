import type { Plan, Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { describeUse, type SubvolumeUse } from '@goldstream/system';
import { type DeleteBackup, deleteBackupStep } from '../backup/delete-backup.ts';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { TidyStages } from '../stage/step.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE, type Intend, type TransactionStep } from '../transaction/step.ts';
import type { PruneFacts } from './facts.ts';
import { keepReasons, keptAs } from './keep-reasons.ts';

/** What `prune` does. */
export type PruneStep = TransactionStep | RemoveDeployment | DeleteVersion | DeleteBackup | AwaitSpace | TidyStages;

/** Unmounts a deployment that nobody needs and takes its link farm and writable layers away. Its record stays. */
export interface RemoveDeployment extends Step {
  readonly kind: 'remove-deployment';
  /** As it is written in the end. */
  readonly record: DeploymentRecord;
  /** Its mounts, in the order in which they are unmounted. */
  readonly mounts: readonly string[];
  readonly layers: readonly OwnSubvolume[];
}

/** Deletes a received version. */
export interface DeleteVersion extends Step, OwnSubvolume {
  readonly kind: 'delete-version';
  readonly version: Version;
}

/** Waits until what was deleted has given its space back. */
export interface AwaitSpace extends Step {
  readonly kind: 'await-space';
  readonly pool: string;
  /** Bytes in use before anything was removed. */
  readonly usedBytes: number;
}

/** A subvolume by path and UUID: it is deleted only while both fit. */
export interface OwnSubvolume {
  readonly path: string;
  readonly uuid: string;
}

/**
 * Decides what nobody needs: deployments that are neither active, previous nor on trial, and versions that nothing
 * keeps. A version in use is kept, unless only a deployment that goes uses it. Notes say why each version is kept.
 */
export function planPrune(facts: PruneFacts): Plan<PruneStep> {
  const { host, keep, usedBytes } = facts;
  const going = host.deployments.filter((deployment) => keptAs(host, deployment) === undefined);
  const verdicts = judgeVersions(facts, going);
  const steps = [
    ...going.map((deployment) => removeDeployment(facts, deployment)),
    ...verdicts.flatMap(({ step }) => (step === undefined ? [] : [step])),
  ];
  // Deleting one needs no intent: what is left of it is chosen again.
  const backups = (facts.oldBackups ?? []).map(deleteBackupStep);
  const { pool } = host.layout;
  return {
    goal: `keep the ${keep} newest versions and what is needed`,
    notes: verdicts.flatMap(({ version, kept }) => (kept.length === 0 ? [] : [`keep ${version}: ${kept.join(', ')}`])),
    steps:
      steps.length + backups.length === 0
        ? []
        : [
            ...(steps.length === 0 ? [] : [intendPrune(steps), ...steps, CONCLUDE]),
            ...backups,
            { kind: 'await-space', says: `wait until ${pool} has the space back`, pool, usedBytes },
          ],
  };
}

/** Once it was decided what goes, an interruption does not change it: what is used is kept all the same. */
function intendPrune(steps: readonly (RemoveDeployment | DeleteVersion)[]): Intend {
  const deployments = steps.flatMap((step) => (step.kind === 'remove-deployment' ? [step.record.number] : []));
  const versions = steps.flatMap((step) =>
    step.kind === 'delete-version' ? [{ version: step.version, uuid: step.uuid }] : [],
  );
  const what = [...deployments.map(numberName), ...versions.map(({ version }) => version)].join(', ');
  return { kind: 'intend', says: `note that ${what} are to go`, intent: { kind: 'pruning', deployments, versions } };
}

interface Verdict {
  readonly version: Version;
  readonly kept: readonly string[];
  readonly step?: DeleteVersion;
}

function judgeVersions(facts: PruneFacts, going: readonly DeploymentRecord[]): readonly Verdict[] {
  const { host, subvolumes } = facts;
  const { layout } = host;
  const records = new Map(receivedVersions(host).map((record) => [record.version, record]));
  const goingMounts = new Set(going.map(({ number }) => layout.deployment(number).root));
  return [...keepReasons(facts)].map(([version, reasons]): Verdict => {
    if (reasons.length > 0) return { version, kept: reasons };
    const path = layout.version(version);
    const subvolume = subvolumes.get(path);
    const uuid = records.get(version)?.subvolumeUuid;
    if (subvolume === undefined || subvolume.uuid !== uuid) {
      return { version, kept: [`${path} is ${subvolume?.uuid ?? 'no subvolume of the pool'}, recorded is ${uuid}`] };
    }
    const uses = subvolume.uses.filter((use) => !endsWith(use, goingMounts));
    if (uses.length > 0) return { version, kept: uses.map(describeUse) };
    return {
      version,
      kept: [],
      step: { kind: 'delete-version', says: `delete ${version} (${path})`, version, path, uuid },
    };
  });
}

/** Whether a use ends when those mount points are unmounted. Copies in other namespaces may; they are looked for again. */
function endsWith(use: SubvolumeUse, mountPoints: ReadonlySet<string>): boolean {
  return use.kind === 'layer' && mountPoints.has(use.mountPoint);
}

/** Takes a deployment away with its mounts and what it has of writable layers (`subvolumes`, by path). */
export function removeDeployment(
  { host, subvolumes }: { readonly host: HostFacts; readonly subvolumes: ReadonlyMap<string, OwnSubvolume> },
  deployment: DeploymentRecord,
): RemoveDeployment {
  const { number, version, state } = deployment;
  const { live, overlay, provisional } = host.layout.deployment(number);
  const mounts = [...host.mounts.keys()].filter((at) => at.startsWith(`${live}/`)).toReversed();
  return {
    kind: 'remove-deployment',
    says: `take ${state} deployment ${numberName(number)} of ${version} away${mounts.length === 0 ? '' : ', unmounting it first'}`,
    record: { ...deployment, state: 'removed' },
    mounts,
    layers: [overlay, provisional].flatMap((path) => {
      const found = subvolumes.get(path);
      return found === undefined ? [] : [{ path, uuid: found.uuid }];
    }),
  };
}
