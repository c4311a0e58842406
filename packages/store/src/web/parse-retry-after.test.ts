import { expect, it } from 'vitest';
import { parseRetryAfter } from './parse-retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0, 0);

it.each([
  ['0', 0],
  ['17', 17_000],
  ['Sun, 22 Nov 2026 06:00:05 GMT', 5_000],
  ['Sun, 22 Nov 2026 05:00:00 GMT', 0],
  ['-5', 0],
  ['soon', 0],
  ['99999999999999999999', 0],
  [undefined, 0],
])('reads Retry-After %j as %i ms', (header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected);
});
