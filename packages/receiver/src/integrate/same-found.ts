import { isDeepStrictEqual } from 'node:util';
import type { Found } from './system-facts.ts';

/** Whether a place is as it was seen, or as it should be. */
export function sameFound(one: Found, other: Found): boolean {
  return isDeepStrictEqual(one, other);
}
