import { describe, expect, it } from 'vitest';
import { unitOfCgroup } from './processes-on-mount.ts';

describe('unitOfCgroup', () => {
  it.each([
    ['0::/system.slice/dbus-mcp.service\n', 'dbus-mcp.service'],
    ['0::/user.slice/user-1000.slice/session-3.scope\n', 'session-3.scope'],
    ['0::/system.slice/system-getty.slice/getty@tty1.service\n', 'getty@tty1.service'],
    ['0::/system.slice/a.service/inner.scope\n', 'a.service'],
    ['12:cpu:/x.service\n1:name=systemd:/system.slice/a.service\n', 'a.service'],
  ])('finds the unit in %j', (text, unit) => {
    expect(unitOfCgroup(text)).toBe(unit);
  });

  it('takes what runs below a user’s own manager for that manager', () => {
    const text = '0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service\n';
    expect(unitOfCgroup(text)).toBe('user@1000.service');
  });

  it.each(['', '0::/\n', '0::/../..\n', '0::/docker/4d1f\n'])('finds none in %j', (text) => {
    expect(unitOfCgroup(text)).toBeUndefined();
  });
});
