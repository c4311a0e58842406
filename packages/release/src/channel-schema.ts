import * as z from 'zod';
import { CHANNEL_NAME, type Channel } from './channel.ts';
import {
  applicationField,
  countField,
  formatField,
  keysPointerField,
  reasonField,
  risesStrictly,
  sha256Field,
  timeField,
  versionField,
} from './document-fields.ts';
import { compareVersions } from './version.ts';

/** Entries of any list of a channel. */
const MAX_ENTRIES = 1000;
/** Longest time that a channel may be believed, and that a rollout may take: 366 days. */
const MAX_SECONDS = 366 * 86_400;

const byVersion = (a: ReleaseLike, b: ReleaseLike) => compareVersions(a.version, b.version);
type ReleaseLike = { readonly version: Channel['current'] };

const versions = <T extends z.ZodType<ReleaseLike>>(entry: T) =>
  z
    .array(entry)
    .max(MAX_ENTRIES)
    .refine((list) => risesStrictly(list, byVersion), 'expected the oldest first, and none twice');
const reasoned = z.object({ version: versionField, reason: reasonField });

/** The shape of a channel. Fields that a later minor version adds are dropped. */
export const channelSchema = z
  .object({
    formatVersion: formatField,
    application: applicationField,
    channel: z.string().regex(CHANNEL_NAME, 'expected lowercase letters and digits, a letter first'),
    epoch: countField,
    sequence: z.int().min(1),
    issued: timeField,
    expires: timeField,
    current: versionField,
    rollout: z
      .object({
        start: timeField,
        seconds: countField.max(MAX_SECONDS),
        percentage: z.number().min(0).max(100),
      })
      .optional(),
    releases: versions(z.object({ version: versionField, manifestSha256: sha256Field })).min(1),
    barriers: versions(reasoned),
    withdrawn: versions(reasoned),
    downgrade: z.object({ from: versionField, reason: reasonField }).optional(),
    keys: keysPointerField.optional(),
  })
  .superRefine(checkAcross);

/** What no single field shows: times and versions that contradict each other. */
function checkAcross(channel: Channel, context: z.core.$RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { current, epoch, keys, downgrade } = channel;
  const offered = new Set<string>(channel.releases.map(({ version }) => version));

  const seconds = (Date.parse(channel.expires) - Date.parse(channel.issued)) / 1000;
  if (!(seconds > 0)) refuse(['expires'], `expected a time after issued, ${channel.issued}`);
  if (seconds > MAX_SECONDS) refuse(['expires'], 'expected at most 366 days after issued');
  if (!offered.has(current)) refuse(['current'], `${current} is not among releases`);
  if (epoch > (keys?.number ?? 0)) refuse(['epoch'], `expected at most the number of the keys document`);
  if (downgrade && compareVersions(downgrade.from, current) <= 0) {
    refuse(['downgrade', 'from'], `expected a version above current, ${current}`);
  }
  for (const [index, { version }] of channel.barriers.entries()) {
    if (!offered.has(version)) refuse(['barriers', index], `${version} is not among releases`);
  }
  for (const [index, { version }] of channel.withdrawn.entries()) {
    if (offered.has(version)) refuse(['withdrawn', index], `${version} is among releases too`);
  }
}
