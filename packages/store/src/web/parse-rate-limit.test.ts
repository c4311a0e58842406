import { describe, expect, it } from 'vitest';
import { parseRateLimit } from './parse-rate-limit.ts';

const NOW = 1_790_000_000_000;
const metered = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1790000030' };

describe('parseRateLimit', () => {
  it('waits until calls are allowed again, and one second', () => {
    expect(parseRateLimit(403, metered, NOW)).toBe(31_000);
    expect(parseRateLimit(429, { ...metered, 'x-ratelimit-reset': '1789999000' }, NOW)).toBe(0);
  });

  it('waits for as long as it is told', () => {
    expect(parseRateLimit(429, { 'x-ratelimit-limit': '60', 'retry-after': '7' }, NOW)).toBe(7000);
  });

  it('takes nothing else for a limit', () => {
    expect(parseRateLimit(403, { ...metered, 'x-ratelimit-remaining': '12' }, NOW)).toBeUndefined();
    expect(parseRateLimit(403, { 'retry-after': '7' }, NOW)).toBeUndefined();
    expect(parseRateLimit(404, metered, NOW)).toBeUndefined();
  });
});
