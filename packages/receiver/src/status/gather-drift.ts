import { access, constants } from 'node:fs/promises';
import { CodedError } from '@goldstream/errors';
import type { Version } from '@goldstream/release';
import { type ListedSubvolume, listSubvolumes } from '@goldstream/system';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { readVersionCheck, type VersionCheck } from '../state/version-check.ts';
import { lookForDrift } from '../verify/drift.ts';

/** What is known of a version's contents without reading them. */
export interface VersionSeen {
  /** How it was verified last. */
  readonly check: VersionCheck | undefined;
  /** Why it is not what was received; undefined: it is. */
  readonly drift: string | undefined;
}

/**
 * Compares every version that is here with its record. One listing of subvolumes answers for those that nothing was
 * committed to since their ctransid was known; only the others are asked for it, all at once.
 */
export async function gatherDrift(tools: Tools, host: HostFacts): Promise<ReadonlyMap<Version, VersionSeen>> {
  const { runner, layout } = tools;
  const listed = await listSubvolumes(runner, layout.deploy);
  return new Map(
    await Promise.all(
      receivedVersions(host).map(async (record) => {
        const check = await readVersionCheck(layout, record);
        const seen = listed.find(({ uuid }) => uuid === record.subvolumeUuid);
        const same = isUncommitted(record, check, seen) && (await isReadOnly(layout.version(record.version)));
        return [record.version, { check, drift: same ? undefined : await driftOf(tools, record) }] as const;
      }),
    ),
  );
}

/**
 * Whether nothing of a subvolume was committed since its ctransid was the recorded one. Its generation is never lower
 * than that, and rises with it; a snapshot taken of it, or balancing, raises the generation alone. Pure.
 */
export function isUncommitted(
  { version, uuid, hostCtransid }: ReceivedVersion,
  check: VersionCheck | undefined,
  seen: ListedSubvolume | undefined,
): boolean {
  if (seen === undefined || `/${seen.path}`.endsWith(`/deploy/${version}`) === false) return false;
  if ((seen.receivedUuid ?? seen.uuid) !== uuid) return false;
  return seen.generation === hostCtransid || seen.generation === check?.unchangedAt;
}

/** A read-only subvolume refuses root, too; what was written to a writable one may not be committed yet. */
async function isReadOnly(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'EROFS',
  );
}

/** A program that fails is one more thing that `status` tells, instead of nothing. */
async function driftOf(tools: Tools, record: ReceivedVersion): Promise<string | undefined> {
  try {
    return (await lookForDrift(tools, record)).problem;
  } catch (error) {
    if (error instanceof CodedError) return `could not be compared with its record: ${error.message}`;
    throw error;
  }
}
