import { describe, expect, it } from 'vitest';
import { layoutOf } from '../host/layout.ts';
import { editPath } from './edit-path.ts';

const layout = layoutOf('/mnt/host', 'app');

describe('editPath', () => {
  it.each([
    'etc/app.conf',
    './etc/app.conf/',
    'etc/../etc/app.conf',
    '/mnt/host/var/lib/app/current/root/etc/app.conf',
    '/var/lib/app/current/root/etc/app.conf',
    '/var/lib/app/live/0007/root//etc/app.conf',
  ])('takes %s', (typed) => {
    expect(editPath(layout, 7, typed)).toBe('etc/app.conf');
  });

  it.each(['', '.', '/', '..', '../etc', 'etc/../../etc', '/etc/app.conf', '/var/lib/app/live/0006/root/etc/app.conf'])(
    'refuses “%s”',
    (typed) => {
      expect(() => editPath(layout, 7, typed)).toThrowError(expect.objectContaining({ code: 'OVERLAY_NO_EDIT' }));
    },
  );
});
