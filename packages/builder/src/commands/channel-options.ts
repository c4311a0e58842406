import { CHANNEL_DAYS, isChannelName, type Rollout, renderTime } from '@goldstream/release';

/** How a command takes a channel's name. */
export function channelArgument(summary: string) {
  return { type: 'parsed', placeholder: 'channel', parse: parseChannelName, summary } as const;
}

/** Where the channel lives. */
export const storeOption = {
  type: 'string',
  placeholder: 'store',
  summary: 'store that holds it; default: store of golden.yaml',
} as const;

/** For how long the channel is believed. */
export const daysOption = {
  type: 'integer',
  min: 1,
  max: 366,
  default: String(CHANNEL_DAYS),
  summary: 'for how many days hosts believe it',
} as const;

/** How a release spreads, and what else is said of it. */
export const advanceOptions = {
  rollout: {
    type: 'parsed',
    parse: parsePercentage,
    placeholder: 'percentage',
    summary: 'only for this share of hosts: 20%',
  },
  over: {
    type: 'parsed',
    parse: parseSpan,
    placeholder: 'time',
    summary: 'let the share grow evenly over 30m, 48h or 7d',
  },
  start: {
    type: 'parsed',
    parse: parseTime,
    placeholder: 'time',
    summary: 'when it begins: 2026-01-31T12:00:00Z; default: now',
  },
  barrier: { type: 'string', placeholder: 'reason', summary: 'no update may jump over this release, for this reason' },
  downgrade: {
    type: 'string',
    placeholder: 'reason',
    summary: 'hosts may go back to this older release, for this reason',
  },
  days: daysOption,
} as const;

/** The rollout that the options describe; none where none of them was given. */
export function rolloutOf(
  {
    rollout,
    over,
    start,
  }: { readonly rollout: number | undefined; readonly over: number | undefined; readonly start: Date | undefined },
  now: Date,
): Rollout | undefined {
  if (rollout === undefined && over === undefined && start === undefined) return undefined;
  return { start: renderTime(start ?? now), seconds: over ?? 0, percentage: rollout ?? 100 };
}

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** Seconds. */
export function parseSpan(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS.get(unit) ?? Number.NaN);
  if (digits !== '' && seconds <= 366 * 86_400) return seconds;
  throw new Error('expected a time such as 30m, 48h or 7d, at most 366d');
}

function parseChannelName(text: string): string {
  if (isChannelName(text)) return text;
  throw new Error('expected lower-case letters and digits, a letter first');
}

function parsePercentage(text: string): number {
  const percentage = Number(/^(\d{1,3}(?:\.\d{1,3})?)%?$/.exec(text)?.[1]);
  if (percentage >= 0 && percentage <= 100) return percentage;
  throw new Error('expected a share from 0% to 100%');
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new Error('expected a UTC time such as 2026-01-31T12:00:00Z');
}
