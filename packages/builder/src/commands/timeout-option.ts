/** How long a source may give nothing, in milliseconds. */
export const timeoutOption = {
  type: 'parsed',
  parse: parseTimeout,
  placeholder: 'time',
  default: '5m',
  summary: 'how long to wait when nothing comes: 30s, 5m, 1h',
} as const;

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** At most a day. */
function parseTimeout(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(digits) * (MILLISECONDS.get(unit) ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= 86_400_000) return milliseconds;
  throw new Error('expected a time such as 30s, 5m or 1h, at most 24h');
}
