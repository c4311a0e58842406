import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { formatBytes } from '@goldstream/cli';
import type { Plan, Step } from '@goldstream/plan';
import { planBootUnits } from '../boot/plan-boot-units.ts';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import type { PrepareFacts } from './facts.ts';
import { mergePrepared, type Prepared } from './prepared-record.ts';
import { mountUnitName, renderMountUnit } from './render-mount-unit.ts';

/** What `prepare` does. */
export type PrepareStep = Step &
  (
    | { readonly kind: 'make-pool-image'; readonly image: string; readonly bytes: number }
    | { readonly kind: 'mount-pool'; readonly image: string; readonly at: string }
    | {
        readonly kind: 'write-file';
        readonly path: string;
        readonly content: string | Uint8Array;
        readonly mode: number;
      }
    | { readonly kind: 'enable-unit'; readonly unit: string }
    | { readonly kind: 'start-unit'; readonly unit: string }
    | { readonly kind: 'make-directory'; readonly path: string; readonly mode: number }
    /** Before anything is made outside the pool, so that `remove` knows it. */
    | { readonly kind: 'note-prepared'; readonly prepared: Prepared }
    /** The first thing that can be written down on a new host, and so the last one. */
    | { readonly kind: 'record-prepared'; readonly did: readonly string[] }
  );

type WriteFile = Extract<PrepareStep, { readonly kind: 'write-file' }>;

/** What the operator asked for. Sizes in bytes. */
export interface PrepareWish {
  readonly size: number;
  readonly store: string | undefined;
  readonly channel?: string | undefined;
}

/** Decides what is missing for this host to take deployments. Run again, it finds nothing to do. */
export function planPrepare(facts: PrepareFacts, wish: PrepareWish): Plan<PrepareStep> {
  const { layout, missing } = facts;
  const boot = planBootUnits(layout, facts.boot);
  const operators = [...keySteps(facts), ...configSteps(facts, wish)];
  const steps = [
    ...poolSteps(facts, wish),
    ...missing.map(({ path, mode }) => ({
      kind: 'make-directory' as const,
      says: `make ${path}`,
      path,
      mode,
    })),
    ...noteSteps(facts, operators),
    ...unitSteps(facts),
    ...operators,
    // Started in the end: the mounting unit looks for all of the above.
    ...boot.steps,
  ];
  return {
    goal: `prepare ${layout.pool} for ${layout.application}`,
    notes: [
      ...(facts.pool.kind === 'btrfs' ? [`${layout.pool} is on Btrfs already: no loopback pool needed`] : []),
      ...boot.notes,
    ],
    steps: [...steps, ...recordSteps(facts, steps)],
  };
}

/** A run that was killed before it came to this leaves nothing else to do. */
function recordSteps({ isRecorded }: PrepareFacts, steps: readonly PrepareStep[]): PrepareStep[] {
  if (steps.length === 0 && isRecorded) return [];
  return [{ kind: 'record-prepared', says: 'begin or continue the audit trail', did: steps.map(({ says }) => says) }];
}

function poolSteps(facts: PrepareFacts, { size }: PrepareWish): PrepareStep[] {
  const { layout, pool } = facts;
  const { image, pool: at } = layout;
  if (pool.kind === 'btrfs') return [];
  const mount: PrepareStep = { kind: 'mount-pool', says: `mount ${image} at ${at}`, image, at };
  if (pool.kind === 'image') return pool.mounted ? [] : [mount];
  if (pool.foreign.length > 0) {
    throw new ReceiverError(
      'PREPARE_FOREIGN_FILE',
      `${at} is not on Btrfs and holds ${pool.foreign.slice(0, 5).join(', ')}; a loopback pool mounted there would hide that`,
      { hint: `Move it away, or mount a Btrfs filesystem at ${at}.` },
    );
  }
  return [
    { kind: 'make-pool-image', says: `make a loopback pool of ${formatBytes(size)} in ${image}`, image, bytes: size },
    mount,
  ];
}

/** What is about to be made outside the pool, with what was made there before. */
function noteSteps(
  { layout: { root }, prepared, missingOutside }: PrepareFacts,
  operators: readonly WriteFile[],
): PrepareStep[] {
  const inside = (path: string) => `/${relative(root, path)}`;
  const files = operators.map(({ path, content }) => ({ path: inside(path), sha256: digestOf(content) }));
  const noted = mergePrepared(prepared, { files, directories: missingOutside.map(inside) });
  if (isDeepStrictEqual(noted, prepared)) return [];
  return [{ kind: 'note-prepared', says: 'note what is made outside the pool, for remove', prepared: noted }];
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** An enabled unit was written before, because it is enabled last. */
function unitSteps({ layout: { root, poolInside, application }, pool }: PrepareFacts): PrepareStep[] {
  if (pool.kind === 'btrfs' || (pool.kind === 'image' && pool.enabled)) return [];
  const unit = mountUnitName(poolInside);
  return [
    {
      kind: 'write-file',
      says: `write ${unit}, which mounts it at boot`,
      path: join(root, 'etc/systemd/system', unit),
      content: renderMountUnit(application, { what: `${poolInside}.btrfs`, where: poolInside }),
      mode: 0o644,
    },
    { kind: 'enable-unit', says: `enable ${unit}`, unit },
  ];
}

function keySteps({ layout, keyring, keys }: PrepareFacts): WriteFile[] {
  const known = Buffer.from(keyring);
  const fresh = keys.filter((key) => !known.includes(Buffer.from(key)));
  if (fresh.length === 0) return [];
  const content = Buffer.concat([known, ...fresh]);
  const says = `add ${fresh.length === 1 ? 'the key' : `${fresh.length} keys`} to ${layout.keyring}`;
  return [{ kind: 'write-file', says, path: layout.keyring, content, mode: 0o644 }];
}

function configSteps({ layout, configured }: PrepareFacts, { store, channel }: PrepareWish): WriteFile[] {
  if (configured !== undefined) {
    demandConfigured(layout, 'store', { found: configured.store, asked: store });
    demandConfigured(layout, 'channel', { found: configured.channel, asked: channel });
    return [];
  }
  const lines = [
    `# Configuration of goldstream-receiver for ${layout.application}.`,
    store === undefined ? '# store: dir:/srv/releases' : `store: ${JSON.stringify(store)}`,
    ...(channel === undefined ? [] : [`channel: ${JSON.stringify(channel)}`]),
    'keep: 3',
  ];
  const content = `${lines.join('\n')}\n`;
  return [{ kind: 'write-file', says: `write ${layout.config}`, path: layout.config, content, mode: 0o644 }];
}

function demandConfigured(
  { config }: Layout,
  key: 'store' | 'channel',
  { found, asked }: { readonly found: string | undefined; readonly asked: string | undefined },
): void {
  if (asked === undefined || found === asked) return;
  throw new ReceiverError(
    'PREPARE_FOREIGN_FILE',
    `${config} names the ${key} ${found ?? '(none)'}, asked for was ${asked}`,
    { hint: `Change ${key}: in ${config} by hand; prepare does not overwrite what you configured.` },
  );
}
