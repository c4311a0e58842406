import { describe, expect, it } from 'vitest';
import { type Category, describeError, errorsOf, exitCodeOf } from './index.ts';

const CATEGORY_OF = { TEST_TRUST: 'trust', TEST_TOOL: 'tool' } as const satisfies Record<string, Category>;
class TestError extends errorsOf(CATEGORY_OF) {}

describe('a coded error', () => {
  it('ends the program with the exit code of its category', () => {
    expect(exitCodeOf(new TestError('TEST_TRUST', 'no'))).toBe(5);
    expect(exitCodeOf(new TestError('TEST_TOOL', 'no'))).toBe(6);
  });

  it('prints its chain with because and the first hint', () => {
    const inner = new TestError('TEST_TOOL', 'btrfs ended with 1', { hint: 'Look at dmesg.' });
    expect(describeError(new TestError('TEST_TRUST', 'stopped', { cause: inner }))).toBe(
      'TEST_TRUST: stopped\n  because TEST_TOOL: btrfs ended with 1\n  hint: Look at dmesg.\n',
    );
  });

  it('carries the name of its class', () => {
    expect(new TestError('TEST_TOOL', 'x').name).toBe('TestError');
  });
});

describe('anything else', () => {
  it('is a bug and shows its stack', () => {
    expect(exitCodeOf(new RangeError('x'))).toBe(1);
    expect(describeError(new RangeError('x'))).toMatch(/^BUG: RangeError: x\n\s+at /);
  });

  it('does not run in circles when a cause names itself', () => {
    const error = new TestError('TEST_TOOL', 'x') as Error;
    error.cause = error;
    expect(describeError(error)).toBe('TEST_TOOL: x\n');
  });
});
