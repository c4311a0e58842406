import { statfs } from 'node:fs/promises';
import { SystemError } from '../error.ts';
import { findMount } from '../mount/mountinfo.ts';
import type { Runner } from '../runner.ts';
import { type HostBelow, hostBelow } from './host-below.ts';
import { type QuotaRoom, quotasOver } from './quota.ts';

/** How long deleted subvolumes are waited for. Milliseconds. One that somebody still uses gives nothing back at all. */
const CLEANING_PATIENCE = 10_000;

/** What a Btrfs filesystem can still take, by what runs out on its own. All figures in bytes. */
export interface Room {
  readonly data: ChunkRoom;
  /** Without what the global reserve keeps for deleting and committing. */
  readonly metadata: ChunkRoom;
  /** Bytes of the devices that belong to no chunk yet: both kinds take from them. */
  readonly unallocated: number;
  readonly readOnly: boolean;
  /** Limits that hold for the path, the tightest first. */
  readonly quotas: readonly QuotaRoom[];
  /** The filesystem in which a loopback pool's image lies; undefined when the pool is no image. */
  readonly below: HostBelow | undefined;
  /** Deleted subvolumes that have not given their space back. */
  readonly beingCleaned: number;
}

/** One kind of chunk. */
export interface ChunkRoom {
  /** Bytes that chunks which are there can still take. */
  readonly free: number;
  /** How many bytes of the devices a byte costs: 2 with profile DUP. */
  readonly ratio: number;
}

/**
 * Looks at what a filesystem can still take: not at `df`, which shows free bytes while metadata is full. Deleted
 * subvolumes that still give their space back are waited for, some seconds at most.
 *
 * In a container that does not see the pool's device, `btrfs filesystem usage` says nothing: there all that statfs(2)
 * says is free counts as unallocated.
 */
export async function roomOf(runner: Runner, path: string): Promise<Room> {
  const beingCleaned = await cleanDeleted(runner, path);
  const [usage, mount, quotas] = await Promise.all([
    runner.run(['btrfs', 'filesystem', 'usage', '--raw', path], { accept: [1] }),
    findMount(path),
    quotasOver(runner, path),
  ]);
  return {
    ...(usage.exitCode === 0 ? parseRoom(usage.stdout) : await roomByStatfs(path)),
    readOnly: [...mount.options, ...mount.superOptions].includes('ro'),
    quotas,
    below: await hostBelow(mount.source),
    beingCleaned,
  };
}

/** The figures in the output of `btrfs filesystem usage --raw` (btrfs-progs 5.14 to 6.x). */
export function parseRoom(output: string): Pick<Room, 'data' | 'metadata' | 'unallocated'> {
  const figure = (pattern: RegExp, what: string): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new SystemError('TOOL_FAILED', `btrfs filesystem usage said nothing of “${what}”`);
    return Number(found);
  };
  const [, reserve = '0', reserveUsed = '0'] = /^\s*Global reserve:\s+(\d+)\s+\(used: (\d+)\)/m.exec(output) ?? [];
  const reserved = Number(reserve) - Number(reserveUsed);
  // Mixed block groups (`mkfs.btrfs --mixed`) hold both.
  const metadata = freeIn(output, /^(?:Metadata|Data\+Metadata),\S+: Size:(\d+), Used:(\d+)/gm) - reserved;
  return {
    data: {
      free: freeIn(output, /^(?:Data|Data\+Metadata),\S+: Size:(\d+), Used:(\d+)/gm),
      ratio: figure(/^\s*Data ratio:\s+([\d.]+)/m, 'Data ratio'),
    },
    metadata: { free: Math.max(0, metadata), ratio: figure(/^\s*Metadata ratio:\s+([\d.]+)/m, 'Metadata ratio') },
    unallocated: figure(/^\s*Device unallocated:\s+(\d+)/m, 'Device unallocated'),
  };
}

/** Several profiles of one kind are several lines. */
function freeIn(output: string, chunks: RegExp): number {
  return [...output.matchAll(chunks)].reduce((free, [, size, used]) => free + Number(size) - Number(used), 0);
}

async function roomByStatfs(path: string): Promise<Pick<Room, 'data' | 'metadata' | 'unallocated'>> {
  const { bavail, bsize } = await statfs(path);
  const nothing = { free: 0, ratio: 1 };
  return { data: nothing, metadata: nothing, unallocated: bavail * bsize };
}

/** @returns how many are left */
async function cleanDeleted(runner: Runner, path: string): Promise<number> {
  if ((await countDeleted(runner, path)) === 0) return 0;
  const signal = AbortSignal.timeout(CLEANING_PATIENCE);
  await runner.run(['btrfs', 'subvolume', 'sync', path], { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return countDeleted(runner, path);
}

async function countDeleted(runner: Runner, path: string): Promise<number> {
  const { stdout } = await runner.run(['btrfs', 'subvolume', 'list', '-d', path], { accept: [1] });
  return stdout.split('\n').filter((line) => line.startsWith('ID ')).length;
}
