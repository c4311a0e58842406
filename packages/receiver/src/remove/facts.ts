import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mountAt, type ProcessOnMount, processesOn } from '@goldstream/system';
import { type BootFacts, gatherBoot } from '../boot/facts.ts';
import { programOf, renderBootUnits } from '../boot/render-boot-unit.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { kindAt, readFileFacts } from '../integrate/look-at-place.ts';
import { type Prepared, readPrepared } from '../prepare/prepared-record.ts';
import { mountUnitName, renderMountUnit } from '../prepare/render-mount-unit.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import type { OwnSubvolume } from '../prune/plan-prune.ts';
import { gatherStaging } from '../stage/facts.ts';
import type { IntentOf } from '../state/intent.ts';
import { type GiveUpFacts, gatherGiveUp } from './give-up.ts';

/** A file that `prepare` writes, as it is now. */
export interface OwnFile {
  readonly path: string;
  /** Undefined: it is not there. */
  readonly sha256: string | undefined;
  /** Whether it is what `prepare` has written; what was changed since is the operator's. */
  readonly isOurs: boolean;
}

/** A pool, as far as its removal has to do with it. */
export interface PoolToClose {
  /** A loopback image of ours; undefined: the pool is a directory on somebody else's Btrfs. */
  readonly image: string | undefined;
  readonly isMounted: boolean;
  readonly unit: OwnFile;
  readonly unitEnabled: boolean;
}

/** What `remove` finds. */
export interface RemoveFacts {
  readonly layout: Layout;
  readonly pool: PoolToClose;
  /** Undefined: the pool is not there any more, and everything that is known of the host was in it. */
  readonly inPool: InPool | undefined;
  readonly boot: Pick<BootFacts, 'enabled'> & {
    readonly files: readonly OwnFile[];
    readonly mountActive: boolean;
    /** Other applications whose instances use the same unit files. */
    readonly others: readonly string[];
  };
}

/** What is known from the records in the pool. */
export interface InPool {
  readonly host: HostFacts;
  /** Undefined: nothing is on the system. */
  readonly giveUp: GiveUpFacts | undefined;
  readonly prepared: Prepared;
  readonly operators: readonly OwnFile[];
  /** Processes that use what is mounted. */
  readonly holders: readonly ProcessOnMount[];
  /** Versions and writable layers, by path. */
  readonly subvolumes: ReadonlyMap<string, OwnSubvolume>;
}

/** Looks at a host that is to be given back. Changes nothing. */
export async function gatherRemove(tools: Tools): Promise<RemoveFacts> {
  const { layout } = tools;
  const [pool, isPrepared, boot] = await Promise.all([gatherPool(tools), isThere(layout.state), gatherBootToo(tools)]);
  return { layout, pool, boot, inPool: isPrepared ? await gatherInPool(tools) : undefined };
}

async function gatherPool({ layout, systemctl }: Tools): Promise<PoolToClose> {
  const { root, application, pool, poolInside, image } = layout;
  const name = mountUnitName(poolInside);
  const content = renderMountUnit(application, { what: `${poolInside}.btrfs`, where: poolInside });
  const hasImage = (await kindAt(image)) === 'file';
  return {
    image: hasImage ? image : undefined,
    isMounted: hasImage && (await mountAt(pool)) !== undefined,
    unit: await lookAt(join(root, 'etc/systemd/system', name), (found) => found === content),
    unitEnabled: (await systemctl.enabledStates([name])).get(name) === 'enabled',
  };
}

async function gatherBootToo(tools: Tools): Promise<RemoveFacts['boot']> {
  const { files, enabled, mountActive } = await gatherBoot(tools);
  return {
    enabled,
    mountActive: tools.systemctl.live && mountActive,
    files: await Promise.all(
      files.map(({ path, name }) =>
        lookAt(path, (found) =>
          renderBootUnits(programOf(found) ?? []).some((one) => one.name === name && one.content === found),
        ),
      ),
    ),
    others: await otherApplications(tools.layout),
  };
}

/** By the links that make the templates' instances start. */
async function otherApplications({ root, application }: Layout): Promise<readonly string[]> {
  const names = await readdir(join(root, 'etc/systemd/system/sysinit.target.wants')).catch(() => []);
  return names
    .flatMap((name) => /^goldstream-mount@(.+)\.service$/.exec(name)?.[1] ?? [])
    .filter((other) => other !== application);
}

async function gatherInPool(tools: Tools): Promise<InPool> {
  const { layout } = tools;
  const [host, prepared] = await Promise.all([gatherHost(layout), readPrepared(layout)]);
  const intent = await gatherIntent(tools, host);
  const roots = [...host.mounts.keys()].filter((at) => at.startsWith(`${layout.live}/`));
  const subvolumes = await Promise.all(
    [
      ...host.present.map((version) => layout.version(version)),
      ...host.deployments.flatMap(({ number }) => {
        const { overlay, provisional } = layout.deployment(number);
        return [overlay, provisional];
      }),
    ].map((path) => findOwnSubvolume(tools, path)),
  );
  return {
    host,
    prepared,
    giveUp: intent === undefined ? undefined : await gatherGiveUp(tools, intent),
    operators: await Promise.all(
      prepared.files.map(({ path, sha256 }) => lookAt(join(layout.root, path), (_, found) => found === sha256)),
    ),
    holders: (await Promise.all(roots.map((root) => processesOn(root)))).flat(),
    subvolumes: new Map(subvolumes.flatMap((one) => (one === undefined ? [] : [[one.path, one]]))),
  };
}

/** Everything that was placed, by whatever; undefined: nothing. */
async function gatherIntent(tools: Tools, host: HostFacts): Promise<IntentOf<'removing'> | undefined> {
  const { stages } = await gatherStaging(tools);
  const deployed = [...stages.values()].flatMap(({ name, tree, marker }) =>
    marker === undefined || tree === undefined ? [] : [{ stage: name, tree: tree.number, marker }],
  );
  if (host.current === undefined && deployed.length === 0) return undefined;
  const all = [...(host.active === undefined ? [] : [host.active]), ...deployed.map(({ marker }) => marker)];
  return {
    kind: 'removing',
    placed: all.flatMap(({ placed }) => placed),
    enabled: [...new Set(all.flatMap(({ enabled }) => enabled))],
    disabled: [...new Set(all.flatMap(({ disabled = [] }) => disabled))],
    stages: deployed.map(({ stage, tree }) => ({ stage, tree })),
  };
}

async function lookAt(path: string, isOurs: (content: string, sha256: string) => boolean): Promise<OwnFile> {
  if ((await kindAt(path)) !== 'file') return { path, sha256: undefined, isOurs: false };
  const [content, { sha256 }] = await Promise.all([readFile(path, 'utf8'), readFileFacts(path)]);
  return { path, sha256, isOurs: isOurs(content, sha256) };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Name of the unit that mounts the pool. */
export function poolUnit({ unit }: PoolToClose): string {
  return basename(unit.path);
}

/** Directories that were made above a file, in the order in which they can be removed. */
export function innermostFirst({ root }: Layout, { directories }: Prepared): readonly string[] {
  return directories.map((path) => join(root, path)).toSorted((one, other) => depth(other) - depth(one));
}

function depth(path: string): number {
  return path === dirname(path) ? 0 : 1 + depth(dirname(path));
}
