import { describe, expect, it } from 'vitest';
import type { Allow } from '../host/config.ts';
import { demandAllowed, guardPolicy } from './guard-policy.ts';

const NOTHING: Allow = { suid: false, dev: false, capabilities: false, xattrs: [] };
const EVERYTHING: Allow = { suid: true, dev: true, capabilities: true, xattrs: ['trusted.app', 'trusted.other'] };
const ASKED = { setuid: ['bin/su'], capabilities: ['bin/ping'], devices: ['dev/null'], xattrs: ['trusted.app'] };
const NONE = { setuid: [], capabilities: [], devices: [], xattrs: [] };

describe('guardPolicy', () => {
  it('allows nothing of what is only asked for, or only allowed', () => {
    expect(guardPolicy(ASKED, NOTHING)).toEqual(NONE);
    expect(guardPolicy(NONE, EVERYTHING)).toEqual(NONE);
  });

  it('allows what is both, and no more', () => {
    expect(guardPolicy(ASKED, EVERYTHING)).toEqual(ASKED);
    expect(guardPolicy(ASKED, { ...NOTHING, suid: true })).toEqual({ ...NONE, setuid: ['bin/su'] });
    expect(guardPolicy(ASKED, { ...NOTHING, capabilities: true })).toEqual({ ...NONE, capabilities: ['bin/ping'] });
    expect(guardPolicy(ASKED, { ...NOTHING, dev: true })).toEqual({ ...NONE, devices: ['dev/null'] });
    expect(guardPolicy(ASKED, { ...NOTHING, xattrs: ['trusted.app'] })).toEqual({ ...NONE, xattrs: ['trusted.app'] });
    expect(guardPolicy(ASKED, { ...NOTHING, xattrs: ['trusted.other'] })).toEqual(NONE);
  });
});

describe('demandAllowed', () => {
  const demand = (allow: Allow, policy = ASKED) => demandAllowed({ version: 'v2.0.0', policy }, allow, '/etc/app.yaml');

  it('lets a release that asks for nothing beyond what is allowed pass', () => {
    demand(NOTHING, { setuid: [], capabilities: [], devices: [], xattrs: [] });
    demand(EVERYTHING);
  });

  it('names paths and settings of everything that is asked for and not allowed', () => {
    expect(() => demand({ ...NOTHING, dev: true })).toThrow(
      expect.objectContaining({
        code: 'RECEIVE_NOT_ALLOWED',
        exitCode: 5,
        message:
          'v2.0.0 asks for set-uid or set-gid bits (bin/su), file capabilities (bin/ping), extended attributes (trusted.app); this host does not allow that',
        hint: 'If you trust it with that, set allow.suid: true, allow.capabilities: true, allow.xattrs: [trusted.app] in /etc/app.yaml.',
      }),
    );
  });

  it('counts what would make the message long', () => {
    const setuid = Array.from({ length: 7 }, (_, index) => `bin/${index}`);
    expect(() => demand(NOTHING, { ...ASKED, setuid })).toThrow('bin/4 and 2 more)');
  });
});
