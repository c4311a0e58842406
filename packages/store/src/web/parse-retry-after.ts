/**
 * What a `Retry-After` header asks for, in milliseconds; 0 where it asks for nothing that can be read (RFC 9110,
 * section 10.2.3: seconds, or a date).
 *
 * @param nowMs the time of day, in milliseconds since 1970
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}
