import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';
import type { Layout } from '../host/layout.ts';
import type { ReceivedVersion } from './records.ts';
import { readRecord, writeRecord } from './store-records.ts';

/** How one verification of a version ended. */
const outcomeSchema = z.object({
  at: z.iso.datetime(),
  ok: z.boolean(),
  /** What was not as recorded, a sentence each. */
  problems: z.array(z.string()),
});

/** How a version was verified last, by `verify` and by `verify --deep`. */
export const versionCheckSchema = z.object({
  version: z.custom<Version>((value) => typeof value === 'string' && isVersion(value)),
  /** Of the subvolume that was looked at: nothing is said of any other. */
  subvolumeUuid: z.string(),
  /** Its generation at which its ctransid was the recorded one: while it stays, so does that. */
  unchangedAt: z.int().optional(),
  quick: outcomeSchema.optional(),
  /** `contentDigest` is what was found; missing when not everything could be read. */
  deep: outcomeSchema.extend({ contentDigest: z.string().optional() }).optional(),
});
export type VersionCheck = z.infer<typeof versionCheckSchema>;

/** What tells which subvolume is meant. */
export type CheckedVersion = Pick<ReceivedVersion, 'version' | 'subvolumeUuid'>;

/**
 * How a version was verified last; undefined: never, or it was another subvolume, as before a repair.
 * @throws ReceiverError `HOST_BAD_RECORD`
 */
export async function readVersionCheck(
  layout: Layout,
  { version, subvolumeUuid }: CheckedVersion,
): Promise<VersionCheck | undefined> {
  const check = await readRecord(layout.versionCheck(version), versionCheckSchema);
  return check?.subvolumeUuid === subvolumeUuid ? check : undefined;
}

/** Writes it durably. */
export async function writeVersionCheck(layout: Layout, check: VersionCheck): Promise<void> {
  await writeRecord(layout.versionCheck(check.version), check);
}
