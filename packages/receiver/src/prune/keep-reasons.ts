import { sortVersions, type Version } from '@goldstream/release';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { PruneFacts } from './facts.ts';
import type { NeededParents } from './needed-parents.ts';

/** Why a deployment is kept; undefined when nobody needs it. */
export function keptAs({ active }: HostFacts, { number }: DeploymentRecord): string | undefined {
  if (number === active?.number) return 'active';
  return number === active?.previous ? 'previous' : undefined;
}

/** Why each received version is kept, newest first; a version without a reason is nobody's. Uses are another matter. */
export function keepReasons({ host, keep, neededParents }: PruneFacts): ReadonlyMap<Version, readonly string[]> {
  const received = new Map(receivedVersions(host).map((record) => [record.version, record]));
  const newestFirst = sortVersions(received.keys()).toReversed();
  return new Map(
    newestFirst.map((version, rank) => [
      version,
      [
        ...deployedAs(host, version),
        ...(host.pins.has(version) ? ['pinned'] : []),
        ...(rank < keep ? [`one of the ${keep} newest`] : []),
        ...neededAsParent(neededParents, version, received.get(version)?.uuid),
      ],
    ]),
  );
}

function deployedAs(host: HostFacts, version: Version): readonly string[] {
  return host.deployments.flatMap((deployment) => {
    const kept = deployment.version === version ? keptAs(host, deployment) : undefined;
    return kept === undefined ? [] : [`${kept} (deployment ${numberName(deployment.number)})`];
  });
}

/** The UUID decides in the end; the name alone is reason enough to keep something. */
function neededAsParent(needed: NeededParents, version: Version, uuid: string | undefined): readonly string[] {
  if (needed.kind === 'unknown') return [`perhaps a parent of an offered stream: ${needed.because}`];
  const isNeeded = needed.parents.some((parent) => parent.version === version || parent.uuid === uuid);
  return isNeeded ? [`parent of a stream of ${needed.by}`] : [];
}
