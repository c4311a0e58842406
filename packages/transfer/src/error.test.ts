import { exitCodeOf } from '@goldstream/errors';
import { describe, expect, it } from 'vitest';
import { RelayedError } from './error.ts';

describe('RelayedError', () => {
  it('is, on this side of a thread, what it was on the other', () => {
    const data = { code: 'GUARD_DEVICE', category: 'trust', message: 'a device node', hint: 'Do not.' } as const;
    const error = new RelayedError(structuredClone(data));
    expect(error).toMatchObject(data);
    expect(exitCodeOf(error)).toBe(5);
  });
});
