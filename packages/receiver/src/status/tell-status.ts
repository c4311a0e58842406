import { compareVersions, isVersion } from '@goldstream/release';
import { type HostFacts, onTrial, receivedVersions } from '../host/facts.ts';
import type { DeploymentRecord, ReceivedVersion } from '../state/records.ts';
import type { VersionCheck } from '../state/version-check.ts';
import type { StatusFacts } from './facts.ts';
import { needsAttention } from './needs-attention.ts';
import type { DeepStatus, DeploymentStatus, Status, VersionStatus } from './status.ts';

/** The document that `status` prints, from what was seen. Pure. */
export function tellStatus(facts: StatusFacts): Status {
  const { host, space, current, trust: believed } = facts;
  const { layout, active, deployments, pins, blocked } = host;
  const previous = deployments.find(({ number }) => number === active?.previous);
  const trial = onTrial(host);
  const tell = (deployment: DeploymentRecord | undefined) =>
    deployment === undefined ? null : tellDeployment(host, deployment);
  return {
    application: layout.application,
    pool: { path: layout.pool, ...space },
    active:
      active === undefined ? null : { ...tellDeployment(host, active), since: current?.since ?? active.createdAt },
    previous: tell(previous),
    onTrial: tell(trial),
    others: deployments
      .filter((deployment) => ![active, previous, trial].includes(deployment))
      .map((deployment) => tellDeployment(host, deployment)),
    versions: receivedVersions(host)
      .toSorted((one, other) => compareVersions(other.version, one.version))
      .map((record) => tellVersion(facts, record)),
    pins: [...pins].filter(isVersion).toSorted(),
    blocked: [...blocked]
      .map(([version, reason]) => ({ version, reason }))
      .toSorted((one, other) => compareVersions(one.version, other.version)),
    trust: believed,
    audit: facts.audit.kind === 'head' ? { number: facts.audit.head.number, sha256: facts.audit.head.sha256 } : null,
    attention: needsAttention(facts),
  };
}

function tellDeployment(host: HostFacts, deployment: DeploymentRecord): DeploymentStatus {
  const { layout, mounts } = host;
  const { number, version, createdAt } = deployment;
  const state = onTrial(host)?.number === number ? 'trial' : deployment.state;
  return { number, version, state, since: createdAt, mounted: mounts.has(layout.deployment(number).root) };
}

function tellVersion({ host, seen }: StatusFacts, { version, how, at, signers }: ReceivedVersion): VersionStatus {
  const { check, drift = null } = seen.get(version) ?? {};
  return {
    version,
    how,
    receivedAt: at,
    signed: signers.length > 0,
    pinned: host.pins.has(version),
    drift,
    deep: check?.deep === undefined ? null : tellDeep(check.deep),
  };
}

function tellDeep({ at, ok, contentDigest }: NonNullable<VersionCheck['deep']>): DeepStatus {
  return { at, ok, contentDigest: contentDigest ?? null };
}
