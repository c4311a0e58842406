import { parseRetryAfter } from './parse-retry-after.ts';

/** The header fields that are read here. */
export interface RateLimitHeaders {
  readonly 'retry-after'?: string | undefined;
  readonly [name: `x-ratelimit-${string}`]: string | string[] | undefined;
}

/**
 * For how many milliseconds GitHub wants to be left alone, when that is what it says: 403 or 429, and either no calls
 * are left (primary limit) or `Retry-After` (secondary limit). `undefined`: it says something else.
 *
 * Source: docs.github.com, “Rate limits for the REST API”.
 *
 * @param nowMs the time of day, in milliseconds since 1970
 */
export function parseRateLimit(status: number, headers: RateLimitHeaders, nowMs: number): number | undefined {
  const { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset } = headers;
  if ((status !== 403 && status !== 429) || limit === undefined) return undefined;
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) return parseRetryAfter(retryAfter, nowMs);
  if (remaining !== '0') return undefined;
  // Seconds since 1970; one more, so that it is over then.
  const atMs = /^\d{1,12}$/.test(String(reset)) ? (Number(reset) + 1) * 1000 : nowMs;
  return Math.max(0, atMs - nowMs);
}
