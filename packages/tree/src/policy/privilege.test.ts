import { describe, expect, it } from 'vitest';
import { pathFromBytes, pathFromText } from '../path-bytes.ts';
import { type Privilege, showPrivilege, unlistedPrivileges } from './privilege.ts';

const SU = { kind: 'setuid', path: pathFromText('bin/sü') } as const;
const NULL = { kind: 'devices', path: pathFromText('dev/null') } as const;
const PING = { kind: 'capabilities', path: pathFromText('bin/ping') } as const;
const LABEL = { kind: 'xattrs', path: pathFromText('bin/ping'), name: 'trusted.label' } as const;
const ALL: readonly Privilege[] = [SU, NULL, PING, LABEL];
const NOTHING = { setuid: [], capabilities: [], devices: [], xattrs: [] };

describe('unlistedPrivileges', () => {
  it('gives back everything when nothing is listed', () => {
    expect(unlistedPrivileges(ALL, NOTHING)).toEqual(ALL);
  });

  it('leaves out what is listed under its own key', () => {
    const policy = { setuid: ['bin/sü'], capabilities: ['bin/ping'], devices: ['dev/null'], xattrs: ['trusted.label'] };
    expect(unlistedPrivileges(ALL, policy)).toEqual([]);
    const mixedUp = { setuid: ['dev/null'], capabilities: ['bin/sü'], devices: ['bin/ping'], xattrs: ['bin/ping'] };
    expect(unlistedPrivileges(ALL, mixedUp)).toEqual(ALL);
  });

  it('never takes a path that is not UTF-8 for one that is listed', () => {
    const odd: Privilege = { kind: 'setuid', path: pathFromBytes(Buffer.from('b\xff', 'latin1')) };
    expect(unlistedPrivileges([odd], { ...NOTHING, setuid: ['b\xff', 'b\\xff', 'b\uFFFD'] })).toEqual([odd]);
  });

  it('says what it is and where it would be listed', () => {
    expect(ALL.map(showPrivilege)).toEqual([
      'bin/sü has a set-uid or set-gid bit (setuid)',
      'dev/null is a device node (devices)',
      'bin/ping has file capabilities (capabilities)',
      'bin/ping has the attribute trusted.label (xattrs)',
    ]);
  });
});
