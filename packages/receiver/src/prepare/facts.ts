import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dearmor, demandBtrfs, isBtrfs, mountAt } from '@goldstream/system';
import { trailPathsOf } from '../audit/trail-site.ts';
import { type BootFacts, gatherBoot } from '../boot/facts.ts';
import { readConfig } from '../host/config.ts';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { type Prepared, readPrepared } from './prepared-record.ts';
import { mountUnitName } from './render-mount-unit.ts';

/** What is there of a pool. */
export type PoolFacts =
  /** The pool's path is on Btrfs already. */
  | { readonly kind: 'btrfs' }
  /** A loopback image was made before; whether it is in place, and whether its unit mounts it at boot. */
  | { readonly kind: 'image'; readonly mounted: boolean; readonly enabled: boolean }
  /** Neither: an image has to be made. `foreign` are names in the directory that it would hide. */
  | { readonly kind: 'none'; readonly foreign: readonly string[] };

/** What `prepare` finds. */
export interface PrepareFacts {
  readonly layout: Layout;
  readonly pool: PoolFacts;
  /** Directories of the layout that are missing. */
  readonly missing: readonly { readonly path: string; readonly mode: number }[];
  /** What the configuration file says; undefined when there is no file. */
  readonly configured: { readonly store: string | undefined; readonly channel?: string | undefined } | undefined;
  readonly keyring: Uint8Array;
  /** The keys to be added, in binary form. */
  readonly keys: readonly Uint8Array[];
  readonly boot: BootFacts;
  /** What `prepare` made before. */
  readonly prepared: Prepared;
  /** Directories outside the pool that are missing, the outermost first: paths on this host. */
  readonly missingOutside: readonly string[];
  /** Whether the audit trail was begun, which a run does last. */
  readonly isRecorded: boolean;
}

/** Looks at a host that is to be prepared. Refuses a pool on which incremental receive cannot work. */
export async function gatherPrepare(tools: Tools, keyFiles: readonly string[]): Promise<PrepareFacts> {
  const { layout } = tools;
  const pool = await poolFacts(tools);
  if (pool.kind === 'btrfs' || (pool.kind === 'image' && pool.mounted)) await demandBtrfs(await existing(layout.pool));
  const exists = await Promise.all(directoriesOf(layout).map(({ path }) => isThere(path)));
  return {
    layout,
    pool,
    missing: directoriesOf(layout).filter((_, index) => !exists[index]),
    configured: (await isThere(layout.config))
      ? await readConfig(layout).then(({ store, channel }) => ({ store, channel }))
      : undefined,
    keyring: await readFile(layout.keyring).catch(() => new Uint8Array()),
    keys: await Promise.all(keyFiles.map(async (file) => dearmor(await readFile(file)))),
    boot: await gatherBoot(tools),
    prepared: await readPrepared(layout),
    missingOutside: [
      ...new Set([
        ...(await missingAbove(layout.config)),
        ...(await missingAbove(join(layout.root, 'etc/systemd/system/any.mount'))),
      ]),
    ],
    isRecorded: await isThere(trailPathsOf(layout).trail),
  };
}

/** The directories below the pool. Received snapshots and records are nobody else's business. */
function directoriesOf({ pool, deploy, overlay, live, persist, backup, cache, state }: Layout) {
  const open = [pool, live].map((path) => ({ path, mode: 0o755 }));
  return [...open, ...[deploy, overlay, persist, backup, cache, state].map((path) => ({ path, mode: 0o700 }))];
}

async function poolFacts({ layout: { pool, poolInside, image }, systemctl }: Tools): Promise<PoolFacts> {
  if (await isThere(image)) {
    const unit = mountUnitName(poolInside);
    const enabled = (await systemctl.enabledStates([unit])).get(unit) === 'enabled';
    return { kind: 'image', mounted: (await mountAt(pool)) !== undefined, enabled };
  }
  if (await isBtrfs(await existing(pool))) return { kind: 'btrfs' };
  return { kind: 'none', foreign: await readdir(pool).catch(() => []) };
}

/** The path itself or its nearest ancestor that exists. */
async function existing(path: string): Promise<string> {
  return (await isThere(path)) || path === '/' ? path : existing(dirname(path));
}

/** The directories above a path that are missing, the outermost first. */
async function missingAbove(path: string): Promise<readonly string[]> {
  const parent = dirname(path);
  return (await isThere(parent)) ? [] : [...(await missingAbove(parent)), parent];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
