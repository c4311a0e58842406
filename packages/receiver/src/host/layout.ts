import { join } from 'node:path';
import type { Version } from '@goldstream/release';

/** Every path of an application on a host. All of them lie below `root`, which is `/` on a real host. */
export interface Layout {
  readonly root: string;
  readonly application: string;
  /** Configuration file and keyring. */
  readonly config: string;
  readonly keyring: string;
  /** The Btrfs pool; what `current` and the links name, seen from inside `root`, is `poolInside`. */
  readonly pool: string;
  readonly poolInside: string;
  /** Image of a loopback pool, where `prepare` made one. */
  readonly image: string;
  /** Received snapshots; only root may enter. */
  readonly deploy: string;
  readonly overlay: string;
  readonly live: string;
  readonly current: string;
  readonly persist: string;
  readonly backup: string;
  readonly cache: string;
  readonly state: string;
  readonly lock: string;
  /** What the host is in the middle of; nothing when it is not there. */
  readonly intent: string;
  readonly pins: string;
  /** What `prepare` made outside the pool. */
  readonly prepared: string;
  /** What this host believes: keys that its operator withdrew, and what it has seen of keys and channels. */
  readonly withdrawnKeys: string;
  keysRecord(number: number): string;
  /** The keys document as it was accepted, clear-signed, and its keys as gpgv takes them. */
  keysDocument(number: number): string;
  keysKeyring(number: number): string;
  channelRecord(channel: string): string;
  version(version: Version): string;
  /** A subvolume that is being received, by its temporary name. */
  incoming(name: string): string;
  versionRecord(version: Version): string;
  /** How a version was verified last. */
  versionCheck(version: Version): string;
  /** The signed manifest as it was accepted, kept for later checks. */
  manifest(version: Version): string;
  deploymentRecord(number: number): string;
  deployment(number: number): DeploymentPaths;
}

/** The paths of one deployment. */
export interface DeploymentPaths {
  /** Text of the `current` link, relative to the pool. */
  readonly link: string;
  readonly live: string;
  /** Mount point of the overlay. */
  readonly root: string;
  readonly links: string;
  /** Subvolume with `upper` and `work`. */
  readonly overlay: string;
  readonly upper: string;
  readonly work: string;
  /** The writable layer of the time before the switch. */
  readonly provisional: string;
}

/** The layout of an application below `root`. */
export function layoutOf(root: string, application: string): Layout {
  const poolInside = `/var/lib/${application}`;
  const pool = join(root, poolInside);
  const state = join(pool, 'state');
  return {
    root,
    application,
    config: join(root, 'etc/goldstream', `${application}.yaml`),
    keyring: join(root, 'etc/goldstream', `${application}.gpg`),
    pool,
    poolInside,
    image: join(root, 'var/lib', `${application}.btrfs`),
    deploy: join(pool, 'deploy'),
    overlay: join(pool, 'overlay'),
    live: join(pool, 'live'),
    current: join(pool, 'current'),
    persist: join(pool, 'persist'),
    backup: join(pool, 'backup'),
    cache: join(pool, 'cache'),
    state,
    lock: join(state, 'lock'),
    intent: join(state, 'intent.json'),
    pins: join(state, 'pins.json'),
    prepared: join(state, 'prepared.json'),
    withdrawnKeys: join(state, 'trust/withdrawn.json'),
    keysRecord: (number) => join(state, 'trust/keys', `${number}.json`),
    keysDocument: (number) => join(state, 'trust/keys', `${number}.signed`),
    keysKeyring: (number) => join(state, 'trust/keys', `${number}.gpg`),
    channelRecord: (channel) => join(state, 'trust/channels', `${channel}.json`),
    version: (version) => join(pool, 'deploy', version),
    incoming: (name) => join(pool, 'deploy', name),
    versionRecord: (version) => join(state, 'versions', `${version}.json`),
    versionCheck: (version) => join(state, 'checks', `${version}.json`),
    manifest: (version) => join(state, 'manifests', `${version}.json`),
    deploymentRecord: (number) => join(state, 'deployments', `${numberName(number)}.json`),
    deployment: (number) => deploymentPaths(pool, numberName(number)),
  };
}

/** How a deployment's number is written in paths: at least four digits. */
export function numberName(number: number): string {
  return String(number).padStart(4, '0');
}

function deploymentPaths(pool: string, name: string): DeploymentPaths {
  const live = join(pool, 'live', name);
  const overlay = join(pool, 'overlay', name);
  return {
    link: join('live', name),
    live,
    root: join(live, 'root'),
    links: join(live, 'links'),
    overlay,
    upper: join(overlay, 'upper'),
    work: join(overlay, 'work'),
    provisional: `${overlay}.provisional`,
  };
}
