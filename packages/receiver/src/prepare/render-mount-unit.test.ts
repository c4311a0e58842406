import { systemRunner } from '@goldstream/system';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mountUnitName } from './render-mount-unit.ts';

/** Paths, and what systemd-escape(1) of systemd 252 makes of them with `--path --suffix=mount`. */
const NAMES: Readonly<Record<string, string>> = {
  '/': '-.mount',
  '/var/lib/app': 'var-lib-app.mount',
  '/var//lib/app/': 'var-lib-app.mount',
  '/var/lib/op-dbus': 'var-lib-op\\x2ddbus.mount',
  '/var/lib/a.b_c:d': 'var-lib-a.b_c:d.mount',
  '/.hidden/.too': '\\x2ehidden-.too.mount',
  '/größe/a b': 'gr\\xc3\\xb6\\xc3\\x9fe-a\\x20b.mount',
  '/a\\b@c': 'a\\x5cb\\x40c.mount',
};

describe('mountUnitName', () => {
  it.each(Object.entries(NAMES))('calls the unit of %s %s', (path, name) => {
    expect(mountUnitName(path)).toBe(name);
  });

  it('says what systemd-escape says, where there is one', async ({ skip }) => {
    const escaped = systemRunner.capture(['systemd-escape', '--path', '--suffix=mount', ...Object.keys(NAMES)]);
    const names = await escaped.catch((error: { code: string }) =>
      error.code === 'TOOL_MISSING' ? skip('needs systemd-escape') : Promise.reject(error),
    );
    expect(names.trim().split(' ')).toEqual(Object.values(NAMES));
  });

  it('makes a name without a slash of every path, and never the same of two', () => {
    const paths = fc.array(
      fc.string({ minLength: 1 }).filter((name) => !/[/\0]/.test(name)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(paths, paths, (one, other) => {
        const [first, second] = [one, other].map((names) => mountUnitName(`/${names.join('/')}`));
        expect(first).toMatch(/^[A-Za-z0-9:_.\\-]+\.mount$/);
        expect(first === second).toBe(one.join('/') === other.join('/'));
      }),
    );
  });
});
