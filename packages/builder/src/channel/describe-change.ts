import { formatDuration } from '@goldstream/cli';
import type { Channel, ReasonedVersion, Rollout } from '@goldstream/release';

/** What hosts will see changed, a line for each thing. */
export function describeChange(before: Channel | undefined, after: Channel): readonly string[] {
  return [
    ...changed('current release', before?.current, after.current),
    ...changed('reaches', before && describeRollout(before.rollout), describeRollout(after.rollout)),
    ...difference('offered', versionsOf(before), versionsOf(after)),
    ...difference('no longer offered', versionsOf(after), versionsOf(before)),
    ...difference('barrier', reasons(before?.barriers), reasons(after.barriers)),
    ...difference('no barrier any more', reasons(after.barriers), reasons(before?.barriers)),
    ...difference('withdrawn', reasons(before?.withdrawn), reasons(after.withdrawn)),
    ...changed('hosts may go back', before ? describeDowngrade(before) : 'no', describeDowngrade(after)),
    ...changed('keys document', before ? describeKeys(before) : 'none', describeKeys(after)),
    ...changed('epoch', before && String(before.epoch), String(after.epoch)),
    ...changed('sequence', before && String(before.sequence), String(after.sequence)),
    ...changed('believed until', before?.expires, after.expires),
  ];
}

/** `20 % of hosts within 48 h 00 min from 2026-11-22T10:00:00Z`. */
export function describeRollout(rollout: Rollout | undefined): string {
  if (rollout === undefined) return 'all hosts at once';
  const { percentage, seconds, start } = rollout;
  const within = seconds === 0 ? '' : ` within ${formatDuration(seconds * 1000)}`;
  return `${percentage} % of hosts${within} from ${start}`;
}

function describeDowngrade({ downgrade, current }: Channel): string {
  return downgrade === undefined ? 'no' : `from ${downgrade.from} to ${current}: ${downgrade.reason}`;
}

function describeKeys({ keys }: Channel): string {
  return keys === undefined ? 'none' : String(keys.number);
}

function changed(what: string, before: string | undefined, after: string): readonly string[] {
  if (before === after) return [];
  return [before === undefined ? `${what}: ${after}` : `${what}: ${before} → ${after}`];
}

/** What `after` has and `before` lacks. */
function difference(what: string, before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((entry) => !before.includes(entry)).map((entry) => `${what}: ${entry}`);
}

function versionsOf(channel: Channel | undefined): readonly string[] {
  return channel?.releases.map(({ version }) => version) ?? [];
}

function reasons(entries: readonly ReasonedVersion[] = []): readonly string[] {
  return entries.map(({ version, reason }) => `${version} (${reason})`);
}
