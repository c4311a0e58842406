const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

const A_DAY = 86_400_000;

/**
 * How long to wait, from `200ms`, `30s`, `5m` or `1h`: milliseconds, above 0 and at most a day. For options of the type
 * `parsed`.
 * @throws Error that says what was expected
 */
export function parseTimeout(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(digits) * (MILLISECONDS.get(unit) ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= A_DAY) return milliseconds;
  throw new Error('expected a time such as 30s, 5m or 1h, at most 24h');
}

/** The option of every command that reads from a source which may fall silent. Its value is in milliseconds. */
export const timeoutOption = {
  type: 'parsed',
  parse: parseTimeout,
  placeholder: 'time',
  default: '5m',
  summary: 'how long to wait when nothing comes: 30s, 5m, 1h',
} as const;
