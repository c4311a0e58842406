import { describe, expect, it } from 'vitest';
import { parseTimeout } from './index.ts';

describe('parseTimeout', () => {
  it.each([
    ['1ms', 1],
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['86400000ms', 86_400_000],
  ])('%s are %i milliseconds', (text, milliseconds) => {
    expect(parseTimeout(text)).toBe(milliseconds);
  });

  it.each(['', '5', '0s', '-1s', '1.5h', '25h', '86400001ms', '5 m', '1d', '1S', '999999999999h'])(
    'refuses "%s" and says what was expected',
    (text) => {
      expect(() => parseTimeout(text)).toThrowError('expected a time such as 30s, 5m or 1h, at most 24h');
    },
  );
});
