import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PathBytes, pathFromBytes, pathFromText, ROOT } from '../path-bytes.ts';
import type { TreeEntry } from '../tree.ts';
import { digestOfEntries } from './digest-of-entries.ts';
import { renderEntry } from './render-entry.ts';

const plain = { mode: 0o755, uid: 0, gid: 0, xattrs: new Map<string, string>() };
const sha256 = 'a'.repeat(64);

const example: readonly [PathBytes, TreeEntry<string>][] = [
  [ROOT, { kind: 'directory', ...plain }],
  [pathFromText('dev'), { kind: 'character-device', ...plain, mode: 0o620, gid: 5, major: 1, minor: 3 }],
  [pathFromText('f i=\\\n'), { kind: 'file', ...plain, mode: 0o4711, size: 12, content: sha256 }],
  [pathFromText('fifo'), { kind: 'fifo', ...plain }],
  [pathFromText('g'), { kind: 'hard-link', to: pathFromText('f i=\\\n') }],
  [
    pathFromBytes(Buffer.of(0xff)),
    {
      kind: 'symlink',
      ...plain,
      mode: 0o777,
      target: pathFromText('../ü'),
      xattrs: new Map([
        ['user.b', ''],
        ['user.a', '00ff'],
      ]),
    },
  ],
];

/** The format, word for word: another text is another digest of what is installed already. */
const text = `goldstream content digest 1
. directory 0755 0:0
./dev character-device 0620 0:5 1:3
./f\\040i\\075\\134\\012 file 4711 0:0 12 ${sha256}
./fifo fifo 0755 0:0
./g hard-link ./f\\040i\\075\\134\\012
./\\377 symlink 0777 0:0 ../\\303\\274 user.a=00ff user.b=
`;

describe('digestOfEntries', () => {
  it('is the SHA-256 of the documented text', () => {
    expect(digestOfEntries(example)).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });
});

describe('renderEntry', () => {
  it('writes one line that can be split at spaces again, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array(), fc.uint8Array(), (path, target, name) => {
        const xattrs = new Map([[`user.${pathFromBytes(name)}`, '01']]);
        const entry: TreeEntry<string> = { kind: 'symlink', ...plain, target: pathFromBytes(target), xattrs };
        const line = renderEntry(pathFromBytes(path), entry);
        expect(line).toMatch(/^[\x20-\x7e]+\n$/);
        const [shown = '', kind, , , link = '', attribute = ''] = line.slice(0, -1).split(' ');
        expect(kind).toBe('symlink');
        expect(unescapeBytes(shown.slice(2))).toEqual(Buffer.from(path));
        expect(unescapeBytes(link)).toEqual(Buffer.from(target));
        expect(unescapeBytes(attribute.split('=')[0] ?? '')).toEqual(Buffer.concat([Buffer.from('user.'), name]));
      }),
    );
  });
});

function unescapeBytes(field: string): Buffer {
  const bytes = field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1');
}
