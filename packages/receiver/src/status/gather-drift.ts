import { access, constants } from 'node:fs/promises';
import { CodedError } from '@goldstream/errors';
import type { Version } from '@goldstream/release';
import { type ListedSubvolume, listSubvolumes } from '@goldstream/system';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { readVersionCheck, type VersionCheck } from '../state/version-check.ts';
import { ctransidProblem, lookForDrift } from '../verify/drift.ts';

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
        return [record.version, { check, drift: await driftOf(tools, record, check, seen) }] as const;
      }),
    ),
  );
}

/** A program that fails is one more thing that `status` tells, instead of nothing. */
async function driftOf(
  tools: Tools,
  record: ReceivedVersion,
  check: VersionCheck | undefined,
  seen: ListedSubvolume | undefined,
): Promise<string | undefined> {
  try {
    if (!isRecorded(record, seen) || !(await isReadOnly(tools.layout.version(record.version)))) {
      return (await lookForDrift(tools, record)).problem;
    }
    return isUntouched(record, check, seen) ? undefined : await ctransidProblem(tools, record);
  } catch (error) {
    if (error instanceof CodedError) return `could not be compared with its record: ${error.message}`;
    throw error;
  }
}

/** Whether the recorded subvolume, as its stream left it, is under the version's name. Pure. */
export function isRecorded(
  { version, uuid }: ReceivedVersion,
  seen: ListedSubvolume | undefined,
): seen is ListedSubvolume {
  return (
    seen !== undefined && `/${seen.path}`.endsWith(`/deploy/${version}`) && (seen.receivedUuid ?? seen.uuid) === uuid
  );
}

/**
 * Whether nothing was committed to it since its ctransid was the recorded one. Its generation is never lower than that,
 * and rises with it; a snapshot taken of it, or balancing, raises the generation alone. Pure.
 */
export function isUntouched(
  { hostCtransid }: ReceivedVersion,
  check: VersionCheck | undefined,
  { generation }: ListedSubvolume,
): boolean {
  return generation === hostCtransid || generation === check?.unchangedAt;
}

/** A read-only subvolume refuses root, too; what was written to a writable one may not be committed yet. */
async function isReadOnly(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'EROFS',
  );
}
