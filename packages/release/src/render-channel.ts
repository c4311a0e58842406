import type { Channel, ReasonedVersion } from './channel.ts';
import { parseChannel } from './parse-channel.ts';
import { renderStrictJson } from './strict-json.ts';
import { compareVersions, type Version } from './version.ts';

/**
 * The channel as it is clear-signed: fixed order of keys, lists oldest first, so that equal values are equal bytes. No
 * line ends in a blank, which a clear signature would not cover. Writes nothing that `parseChannel` would not read.
 *
 * @throws ReleaseError `RELEASE_BAD_CHANNEL`, `RELEASE_FORMAT_UNKNOWN`
 */
export function renderChannel(channel: Channel): string {
  const { formatVersion, application, epoch, sequence, issued, expires, current } = channel;
  const { rollout, downgrade, keys } = channel;
  const text = renderStrictJson({
    formatVersion,
    application,
    channel: channel.channel,
    epoch,
    sequence,
    issued,
    expires,
    current,
    rollout: rollout && { start: rollout.start, seconds: rollout.seconds, percentage: rollout.percentage },
    releases: oldestFirst(channel.releases).map(({ version, manifestSha256 }) => ({ version, manifestSha256 })),
    barriers: oldestFirst(channel.barriers).map(orderReasoned),
    withdrawn: oldestFirst(channel.withdrawn).map(orderReasoned),
    downgrade: downgrade && { from: downgrade.from, reason: downgrade.reason },
    keys: keys && { number: keys.number, sha256: keys.sha256 },
  });
  parseChannel(new TextEncoder().encode(text));
  return text;
}

function oldestFirst<T extends { readonly version: Version }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => compareVersions(a.version, b.version));
}

function orderReasoned({ version, reason }: ReasonedVersion): ReasonedVersion {
  return { version, reason };
}
