import type { Ended } from '@goldstream/system';
import { expect } from 'vitest';

/** Fails the test with what the command said, unless it ended with 0. Gives back its stdout. */
export function demandDone({ exitCode, stdout, stderr }: Ended): string {
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}
