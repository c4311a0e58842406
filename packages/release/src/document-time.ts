/** A time as documents carry it: ISO 8601, UTC, whole seconds (rounded down). */
export function renderTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The latest of the times; absent ones do not count. */
export function latest(first: Date, ...others: readonly (string | undefined)[]): Date {
  return new Date(Math.max(first.getTime(), ...others.map((time) => (time === undefined ? 0 : Date.parse(time)))));
}
