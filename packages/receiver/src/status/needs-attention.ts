import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { VersionRecord } from '../state/records.ts';
import type { StatusFacts } from './facts.ts';

/** What somebody should look at, each as a sentence that says what to do where that is known. Pure. */
export function needsAttention(facts: StatusFacts): readonly string[] {
  return [...aboutCurrent(facts), ...aboutVersions(facts), ...looseEnds(facts)];
}

function* aboutCurrent({ host, current }: StatusFacts): Generator<string> {
  const { active, layout, mounts, deployments } = host;
  if (active === undefined && current !== undefined) {
    yield `current names ${current.text}, of which there is no record`;
  }
  if (active !== undefined && !mounts.has(layout.deployment(active.number).root)) {
    yield `the active deployment ${numberName(active.number)} (${active.version}) is not mounted: goldstream-receiver mount`;
  }
  for (const { number, version, state } of deployments) {
    if (state === 'trial' && number !== active?.number) {
      yield `deployment ${numberName(number)} of ${version} is on trial and not active: an upgrade was interrupted`;
    }
  }
}

function* aboutVersions({ host, names }: StatusFacts): Generator<string> {
  const { records, present, layout } = host;
  for (const record of records.values()) {
    if (record.status === 'receiving') {
      yield `${record.version} is being received since ${record.since}, or that was interrupted: goldstream-receiver receive ${record.version}`;
    } else if (!present.includes(record.version)) {
      yield `${record.version} is recorded as received and is not in ${layout.deploy}`;
    } else if (record.manifestSha256 === undefined) {
      yield `${record.version} was taken without a signature: nothing proves what is in it`;
    }
  }
  const recorded = new Set<string>([...records].flatMap(namesOf));
  for (const name of names.deploy.filter((there) => !recorded.has(there)).toSorted()) {
    yield `${layout.deploy}/${name} has no record: received by hand, or left over`;
  }
}

/** Names in `deploy/` that a record accounts for. */
function namesOf([version, record]: readonly [string, VersionRecord]): readonly string[] {
  return record.status === 'receiving' ? [version, record.incoming] : [version];
}

/** What lies in the pool and belongs to no deployment. */
function* looseEnds({ host, names }: StatusFacts): Generator<string> {
  const { layout } = host;
  const numbers = new Set(host.deployments.map(({ number }) => numberName(number)));
  const unfinished = new Set(unfinishedNumbers(host).map((number) => `${numberName(number)}.provisional`));
  for (const name of names.overlay.filter((there) => !numbers.has(there) && !unfinished.has(there)).toSorted()) {
    yield `${layout.overlay}/${name} belongs to no deployment`;
  }
  for (const name of names.live.filter((there) => !numbers.has(there)).toSorted()) {
    yield `${layout.live}/${name} belongs to no deployment`;
  }
}

/** Deployments that may have a provisional layer: it is for the time before the switch. */
function unfinishedNumbers({ deployments, active }: HostFacts): readonly number[] {
  return deployments
    .filter(({ number, state }) => number !== active?.number && (state === 'staged' || state === 'bad'))
    .map(({ number }) => number);
}
