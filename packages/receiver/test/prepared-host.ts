import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { noProgress } from '@goldstream/cli';
import type { Version } from '@goldstream/release';
import {
  createSubvolume,
  linkDurably,
  showSubvolume,
  snapshotSubvolume,
  syncFilesystem,
  systemBusFor,
  systemctlFor,
  systemRunner,
} from '@goldstream/system';
import { withTemporaryDirectory } from '@goldstream/testing';
import { readHostCtransid } from '@goldstream/transfer';
import { contentDigest } from '@goldstream/tree';
import { openAuditSession } from '../src/audit/open-session.ts';
import { createDeployment } from '../src/deploy/create-deployment.ts';
import { mountDeployment } from '../src/deploy/overlay.ts';
import { readConfig } from '../src/host/config.ts';
import { layoutOf } from '../src/host/layout.ts';
import { storeOpener } from '../src/host/store-opener.ts';
import type { Tools } from '../src/host/tools.ts';
import type { FarmLink } from '../src/integrate/plan-farm.ts';
import type { DeploymentRecord, ReceivedVersion } from '../src/state/records.ts';
import { writeVersionRecord } from '../src/state/store-records.ts';
import { TrustSession } from '../src/trust/trust-session.ts';

const APPLICATION = 'app';

/** A host below a directory, its pool on real Btrfs, on which versions appear without a store. */
export interface PreparedHost {
  readonly tools: Tools;
  /** What commands said and warned. */
  readonly said: readonly string[];
  /** Sends a version full and receives it; what is recorded of it is true. */
  receive(version: Version, differing?: Partial<ReceivedVersion>): Promise<ReceivedVersion>;
  /** Makes a deployment with an empty writable layer and mounts it. */
  deploy(deployment: Deployed): Promise<DeploymentRecord>;
}

/** What a test's deployment is like. */
export interface Deployed extends Pick<DeploymentRecord, 'number' | 'version' | 'state'> {
  readonly previous?: number;
  readonly placed?: DeploymentRecord['placed'];
  readonly farm?: readonly FarmLink[];
  /** Whether `current` names it. */
  readonly active?: true;
}

/** Runs `use` with a prepared host whose pool is the Btrfs mounted at `pool`. */
export async function withPreparedHost(pool: string, use: (host: PreparedHost) => Promise<void>): Promise<void> {
  await withTemporaryDirectory(async (root) => {
    const layout = layoutOf(root, APPLICATION);
    await mkdir(layout.pool, { recursive: true });
    await systemRunner.run(['mount', '--bind', pool, layout.pool]);
    for (const at of [layout.deploy, layout.overlay, layout.live, layout.state]) await mkdir(at);
    await mkdir(dirname(layout.config), { recursive: true });
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const { signal } = new AbortController();
    const config = await readConfig(layout);
    const io = { say, warn: say, progress: noProgress, signal, now: () => performance.now() };
    const tools: Tools = {
      runner: systemRunner,
      layout,
      config,
      systemctl: systemctlFor(systemRunner, root),
      systemBus: systemBusFor(systemRunner, root),
      io,
      trust: new TrustSession(),
      audit: openAuditSession(systemRunner, layout, say),
      openStore: storeOpener(layout, config, io),
      patience: 0,
      input: () => Readable.from([]),
      now: () => new Date(),
    };
    await use({
      tools,
      said,
      receive: (version, differing = {}) => receive(tools, version, differing),
      deploy: (deployment) => deploy(tools, deployment),
    });
  });
}

async function receive(
  { runner, layout }: Tools,
  version: Version,
  differing: Partial<ReceivedVersion>,
): Promise<ReceivedVersion> {
  const made = await mkdtemp(join(layout.pool, 'builder-'));
  const [golden, snapshot, stream] = ['golden', version, 'stream'].map((name) => join(made, name)) as [
    string,
    string,
    string,
  ];
  await createSubvolume(runner, golden);
  await mkdir(join(golden, 'bin'));
  await writeFile(join(golden, 'bin/tool'), `${version}\n`);
  await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
  await runner.run(['btrfs', 'send', '--quiet', '-f', stream, snapshot]);
  await runner.run(['btrfs', 'receive', '--quiet', '-f', stream, layout.deploy]);
  await rm(stream);
  await syncFilesystem(runner, layout.pool);
  const path = layout.version(version);
  const { uuid, receivedUuid = '', sendTransid = 0 } = await showSubvolume(runner, path);
  const record: ReceivedVersion = {
    status: 'received',
    version,
    at: '2026-11-22T03:12:00.000Z',
    uuid: receivedUuid,
    transid: sendTransid,
    hostCtransid: await readHostCtransid(runner, path),
    subvolumeUuid: uuid,
    how: 'full',
    contentDigest: (await contentDigest(path, { runner })).digest,
    signers: [],
    ...differing,
  };
  await writeVersionRecord(layout, record);
  return record;
}

async function deploy(
  tools: Tools,
  { active, farm = [], placed = [], previous, ...rest }: Deployed,
): Promise<DeploymentRecord> {
  const { layout } = tools;
  const createdAt = '2026-11-22T03:13:00.000Z';
  const record = {
    ...rest,
    createdAt,
    placed: [...placed],
    enabled: [],
    ...(previous === undefined ? {} : { previous }),
  };
  await createDeployment(tools, {
    kind: 'create-deployment',
    says: 'make a deployment',
    record,
    farm,
    upper: { kind: 'empty' },
  });
  const { overlay, root, link } = layout.deployment(rest.number);
  await mountDeployment(tools, { version: rest.version, overlay, at: root });
  if (active) await linkDurably(layout.current, link);
  return record;
}
