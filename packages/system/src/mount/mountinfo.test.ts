import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMountinfo } from './mountinfo.ts';

const POOL = '36 25 0:33 /deploy /var/lib/app rw,noatime shared:1 master:2 - btrfs /dev/loop0 rw,subvol=/deploy';

describe('parseMountinfo', () => {
  it('reads a line of proc(5)', () => {
    expect(parseMountinfo(`${POOL}\n`)).toEqual([
      {
        id: 36,
        parentId: 25,
        root: '/deploy',
        mountPoint: '/var/lib/app',
        options: ['rw', 'noatime'],
        type: 'btrfs',
        source: '/dev/loop0',
        superOptions: ['rw', 'subvol=/deploy'],
      },
    ]);
  });

  it.each(['', 'shared:1 ', 'shared:1 master:2 propagate_from:3 unbindable '])(
    'takes any number of optional fields: “%s”',
    (fields) => {
      const [entry] = parseMountinfo(POOL.replace('shared:1 master:2 ', fields));
      expect(entry).toMatchObject({ type: 'btrfs', source: '/dev/loop0' });
    },
  );

  it.each([
    ['/a\\040b', '/a b'],
    ['/tab\\011newline\\012backslash\\134', '/tab\tnewline\nbackslash\\'],
    ['/\\134040', '/\\040'],
    ['/größe\\040日本', '/größe 日本'],
    ['/gr\\303\\266\\303\\237e', '/größe'],
    ['/no\\04escape', '/no\\04escape'],
  ])('undoes the escapes of %s', (written, meant) => {
    const [entry] = parseMountinfo(`36 25 0:33 / ${written} rw - btrfs ${written} rw`);
    expect(entry).toMatchObject({ mountPoint: meant, source: meant });
  });

  it('splits the options before it undoes their escapes', () => {
    const [entry] = parseMountinfo('36 25 0:33 / /mnt rw - overlay overlay rw,upperdir=/a\\054b\\040c,workdir=/w');
    expect(entry?.superOptions).toEqual(['rw', 'upperdir=/a,b c', 'workdir=/w']);
  });

  it.each([
    '',
    'nonsense',
    '36 25 0:33 / /mnt rw',
    '36 25 0:33 / - btrfs /dev/loop0 rw',
    'a b 0:33 / /mnt rw - btrfs x rw',
  ])('leaves out what is no mount: “%s”', (line) => {
    expect(parseMountinfo(`${line}\n${POOL}\n`)).toHaveLength(1);
  });

  it('never throws, whatever stands there', () => {
    const words = fc.constantFrom(' ', ' - ', '\n', '\\', '\\777', '\\040', '36', '/', 'rw', ',', 'btrfs', 'ü');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join('')),
        ),
        (text) => {
          for (const { id, mountPoint } of parseMountinfo(text)) {
            expect(Number.isSafeInteger(id)).toBe(true);
            expect(mountPoint).toBeTypeOf('string');
          }
        },
      ),
    );
  });

  it('gives back every path that the kernel can write', () => {
    const escaped = (path: string) =>
      path.replaceAll(/[ \t\n\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (name) => {
        const path = `/${name}`;
        expect(parseMountinfo(`1 0 0:1 / ${escaped(path)} rw - btrfs x rw`)[0]?.mountPoint).toBe(path);
      }),
    );
  });
});
