import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import { aboutTrust } from '../trust/tell-trust.ts';
import { describeIntent } from './describe-intent.ts';
import type { StatusFacts } from './facts.ts';

/** What somebody should look at, each as a sentence that says what to do where that is known. Pure. */
export function needsAttention(facts: StatusFacts): readonly string[] {
  return [
    ...aboutIntent(facts),
    ...aboutCurrent(facts),
    ...aboutVersions(facts),
    ...aboutContents(facts),
    ...looseEnds(facts),
    ...aboutTrust(facts.trust),
    ...aboutAudit(facts),
  ];
}

function* aboutIntent({ host }: StatusFacts): Generator<string> {
  if (host.pending === undefined) return;
  const { since, intent } = host.pending;
  yield `${describeIntent(intent)} since ${since}, or that was interrupted: goldstream-receiver recover`;
}

function* aboutCurrent({ host, current }: StatusFacts): Generator<string> {
  const { active, layout, mounts } = host;
  if (active === undefined && current !== undefined) {
    yield `current names ${current.text}, of which there is no record`;
  }
  if (active !== undefined && !mounts.has(layout.deployment(active.number).root)) {
    yield `the active deployment ${numberName(active.number)} (${active.version}) is not mounted: goldstream-receiver mount`;
  }
}

function* aboutVersions({ host, names }: StatusFacts): Generator<string> {
  const { records, present, layout } = host;
  for (const record of records.values()) {
    if (!present.includes(record.version)) {
      yield `${record.version} is recorded as received and is not in ${layout.deploy}`;
    } else if (record.manifestSha256 === undefined) {
      yield `${record.version} was taken without a signature: nothing proves what is in it`;
    }
  }
  const known = new Set<string>([...records.keys(), ...underConstruction(host)]);
  for (const name of names.deploy.filter((there) => !known.has(there)).toSorted()) {
    yield `${layout.deploy}/${name} has no record: received by hand, or left over`;
  }
}

/** What is not what was released any more. It serves no incremental stream; `repair` judges it again, and mends it. */
function* aboutContents({ seen }: StatusFacts): Generator<string> {
  for (const [version, { check, drift }] of seen) {
    const mend = `goldstream-receiver repair ${version}`;
    if (drift !== undefined) yield `${version} is NOT what was received: it ${drift}: ${mend}`;
    if (check?.deep?.ok === false) {
      yield `${version} failed verify --deep at ${check.deep.at} (${check.deep.problems.join('; ')}): ${mend}`;
    }
  }
}

/** Names in `deploy/` that a pending intent accounts for. */
function underConstruction({ pending }: HostFacts): readonly string[] {
  const intent = pending?.intent;
  if (intent?.kind === 'receiving') return [intent.incoming];
  return intent?.kind === 'naming' ? [intent.incoming, intent.record.version] : [];
}

/** A missing one is that of a host on which nothing was recorded yet; the trail itself is `audit verify`'s to judge. */
function* aboutAudit({ audit }: StatusFacts): Generator<string> {
  if (audit.kind === 'unreadable') yield 'the head of the audit trail cannot be read: goldstream-receiver audit verify';
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
