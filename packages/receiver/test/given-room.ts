import type { Room } from '@goldstream/system';

/** Room in data chunks and in metadata chunks, nothing unallocated, no limits; but for what a test says. */
export function roomWith(given: Partial<Room> = {}): Room {
  const plenty = { free: 10 * 1024 ** 3, ratio: 1 };
  return {
    data: plenty,
    metadata: plenty,
    unallocated: 0,
    readOnly: false,
    quotas: [],
    below: undefined,
    beingCleaned: 0,
    ...given,
  };
}
