import type { Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { readVersionRecords } from '../state/store-records.ts';
import { readVersionCheck, type VersionCheck, writeVersionCheck } from '../state/version-check.ts';
import type { VersionChecks } from './check-version.ts';
import { lookForDrift } from './drift.ts';

/**
 * Keeps beside a version's record how it was verified, for `status` and for whoever looks for a parent. Where that cannot
 * be written it is a warning: what was found is told all the same.
 */
export async function noteChecks(tools: Tools, record: ReceivedVersion, found: VersionChecks): Promise<void> {
  await note(tools, record, async (last) => mergeCheck(last, record, found, tools.now()));
}

/**
 * Keeps beside the record of a parent, after a stream was built on it, that it is still what was received: the snapshot
 * of it has raised its generation, by which `status` sees at once that nothing was done to it.
 */
export async function noteParent(tools: Tools, version: Version): Promise<void> {
  const record = (await readVersionRecords(tools.layout)).find((one) => one.version === version);
  if (record === undefined) return;
  const { subvolumeUuid } = record;
  await note(tools, record, async (last) => {
    const { subvolume, problem } = await lookForDrift(tools, record);
    return { ...last, version, subvolumeUuid, unchangedAt: problem === undefined ? subvolume?.generation : undefined };
  });
}

async function note(
  tools: Tools,
  record: ReceivedVersion,
  change: (last: VersionCheck | undefined) => Promise<VersionCheck>,
): Promise<void> {
  const { layout, io } = tools;
  try {
    await writeVersionCheck(layout, await change(await lastCheck(tools, record)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.warn(`how ${record.version} was verified could not be kept in ${layout.versionCheck(record.version)}: ${why}`);
  }
}

/** The check as it is from now on: a quick one takes nothing from what a deep one found. Pure. */
export function mergeCheck(
  last: VersionCheck | undefined,
  { version, subvolumeUuid }: ReceivedVersion,
  { checks, content, unchangedAt }: VersionChecks,
  now: Date,
): VersionCheck {
  const problems = checks.filter(({ acceptable }) => !acceptable).map(({ aspect, says }) => `${aspect}: ${says}`);
  const outcome = { at: now.toISOString(), ok: problems.length === 0, problems };
  return {
    version,
    subvolumeUuid,
    ...(unchangedAt === undefined ? {} : { unchangedAt }),
    quick: content === undefined ? outcome : last?.quick,
    deep: content === undefined ? last?.deep : { ...outcome, contentDigest: content.digest },
  };
}

/** One that nobody can read is replaced. */
async function lastCheck({ layout }: Tools, record: ReceivedVersion): Promise<VersionCheck | undefined> {
  return readVersionCheck(layout, record).catch((error: unknown) => {
    if (error instanceof ReceiverError) return undefined;
    throw error;
  });
}
