import { formatBytes } from '@goldstream/cli';
import { chainOf } from '@goldstream/errors';
import { diskUsage, type Room, type Runner, roomOf, syncFilesystem } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { readOnly } from './demand-space.ts';
import { type DiskTrouble, diskTroubleOf } from './disk-trouble.ts';
import { type Freeable, freeableOf, hintOf, type Written } from './freeable.ts';
import { type FullElsewhere, findFullElsewhere } from './full-elsewhere.ts';

/** Less than this is nothing: whoever wrote found no more. Bytes. */
const NOTHING_LEFT = 2 * 1024 * 1024;

/** Runs `work`; a failure that is the pool's disk's comes out as what filled or failed there, and what to do. */
export async function explaining<T>(tools: Pick<Tools, 'runner' | 'layout' | 'config'>, work: () => Promise<T>) {
  try {
    return await work();
  } catch (failure) {
    throw await explainFailure(tools, failure);
  }
}

/**
 * What a failure is, when the pool's disk is why: looked at before anything is tidied up, because then the space is
 * back. Every other failure is given back as it is.
 * @returns ReceiverError `SPACE_EXHAUSTED`, `SPACE_QUOTA_EXCEEDED`, `SPACE_READ_ONLY`, `SPACE_DISK_FAILED`, or `failure`
 */
export async function explainFailure(
  { runner, layout, config }: Pick<Tools, 'runner' | 'layout' | 'config'>,
  failure: unknown,
): Promise<unknown> {
  const trouble = diskTroubleOf(failure);
  if (trouble === undefined || isExplained(failure)) return failure;
  const { pool } = layout;
  // What is only in memory is on no account yet; a disk that takes nothing has said so already.
  await syncFilesystem(runner, pool).catch(() => {});
  const [room, host] = await Promise.all([
    roomOf(runner, pool).catch(() => undefined),
    gatherHost(layout).catch(() => undefined),
  ]);
  const freeable =
    host === undefined
      ? { versions: [], beingCleaned: 0, pool }
      : freeableOf(host, config.keep, { beingCleaned: room?.beingCleaned ?? 0 });
  const written = host === undefined ? undefined : await writtenInto(runner, host);
  const elsewhere = await findFullElsewhere(layout, NOTHING_LEFT);
  return explained(trouble, pool, room, { freeable: { ...freeable, written }, elsewhere, cause: failure });
}

async function writtenInto(runner: Runner, { layout, active }: HostFacts): Promise<Written | undefined> {
  if (active === undefined) return undefined;
  const path = layout.deployment(active.number).upper;
  const usages = await diskUsage(runner, [path]).catch(() => undefined);
  const bytes = usages?.get(path)?.exclusiveBytes;
  return bytes === undefined ? undefined : { path, bytes };
}

function isExplained(failure: unknown): boolean {
  return chainOf(failure).some((link) => link instanceof ReceiverError && /^SPACE_|^RECEIVE_NO_SPACE$/.test(link.code));
}

interface Known {
  readonly freeable: Freeable;
  readonly elsewhere?: FullElsewhere | undefined;
  readonly cause: unknown;
}

/** Pure: what was said, and how the pool looks now. */
export function explained(
  trouble: DiskTrouble,
  pool: string,
  room: Room | undefined,
  { freeable, elsewhere, cause }: Known,
): ReceiverError {
  const below = room?.below;
  const isHostFull = below !== undefined && below.promised > 0 && below.free < NOTHING_LEFT;
  if (isHostFull && trouble !== 'quota') {
    const message = `the filesystem below ${below.image} is full (${formatBytes(below.free)} free), and the image promises ${formatBytes(below.promised)} more than it has taken`;
    const free = hintOf({ kind: 'the host below' }, freeable);
    const hint = room?.readOnly ? `${free} Then unmount ${pool} and mount it again.` : free;
    return new ReceiverError('SPACE_EXHAUSTED', message, { cause, hint });
  }
  if (trouble === 'read-only' || room?.readOnly) return readOnly(pool, cause);
  if (trouble === 'failing') {
    return new ReceiverError('SPACE_DISK_FAILED', `the disk of ${pool} fails to read or to write`, {
      cause,
      hint: `Look at \`btrfs device stats ${pool}\` and \`dmesg\`; \`goldstream-receiver verify --deep\` says which versions are hit, and \`repair\` receives them again.`,
    });
  }
  if (trouble === 'quota') {
    const [tightest] = room?.quotas ?? [];
    const what =
      tightest === undefined ? 'a quota' : `quota group ${tightest.group} (limit ${formatBytes(tightest.limit)})`;
    return new ReceiverError('SPACE_QUOTA_EXCEEDED', `${what} lets nothing more into ${pool}`, {
      cause,
      hint: hintOf({ kind: 'quota' }, freeable),
    });
  }
  if (elsewhere !== undefined && room !== undefined && leastOf(room).bytes >= NOTHING_LEFT) {
    const message = `the filesystem of ${elsewhere.path} is full (${formatBytes(elsewhere.free)} free); ${pool} is not`;
    return new ReceiverError('SPACE_EXHAUSTED', message, { cause, hint: hintOf({ kind: 'the host below' }, freeable) });
  }
  return new ReceiverError('SPACE_EXHAUSTED', `${pool} filled up${room === undefined ? '' : `: ${leftOf(room)}`}`, {
    cause,
    hint: hintOf({ kind: 'data' }, freeable),
  });
}

/** What filled is what has next to nothing left. */
function leftOf(room: Room): string {
  const left = kindsOf(room).map(({ kind, bytes }) => `${formatBytes(Math.floor(bytes))} of ${kind}`);
  return `${leastOf(room).kind} ran out; left are ${left.join(' and ')}`;
}

function leastOf(room: Room) {
  const [data, metadata] = kindsOf(room);
  return data.bytes <= metadata.bytes ? data : metadata;
}

function kindsOf({ data, metadata, unallocated }: Room) {
  return [
    { kind: 'data', bytes: data.free + unallocated / data.ratio },
    { kind: 'metadata', bytes: metadata.free + unallocated / metadata.ratio },
  ] as const;
}
