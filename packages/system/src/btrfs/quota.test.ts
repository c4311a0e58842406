import { describe, expect, it } from 'vitest';
import { parseQgroups } from './quota.ts';

/** btrfs-progs 6.2, `btrfs qgroup show --raw -reF`. */
const SHOWN = `Qgroupid    Referenced    Exclusive  Max referenced  Max exclusive   Path 
--------    ----------    ---------  --------------  -------------   ---- 
0/5              16384        16384            none           none   <toplevel>
0/256            16384         8192        20971520        1048576   a
1/0            2000000         8192         1000000           none   <0 member qgroups>
`;

describe('parseQgroups', () => {
  it('tells the limits, the tightest first, and never less than nothing', () => {
    expect(parseQgroups(SHOWN)).toEqual([
      { group: '1/0', limit: 1000000, free: 0 },
      { group: '0/256', limit: 1048576, free: 1048576 - 8192 },
      { group: '0/256', limit: 20971520, free: 20971520 - 16384 },
    ]);
  });

  it('finds none where nothing is limited', () => {
    expect(parseQgroups('')).toEqual([]);
  });
});
