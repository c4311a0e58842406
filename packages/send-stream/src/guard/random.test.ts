import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chmod, link, mkdir, mkfile, rename, unlink, write } from '../../test/commands.ts';
import { END, encodeHeader, SNAPSHOT, SUBVOL } from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, parentOf, refusalOf } from '../../test/guarding.ts';
import { anyChoice, ModelTree } from '../../test/model-tree.ts';

const PARENT = {
  a: 'directory',
  'a/b': 'directory',
  'a/b/c': 'file',
  'a/d': 'symlink',
  b: 'directory',
  'b/b': 'directory',
  'b/b/d': 'symlink',
  c: 'symlink',
} as const;

describe.each([
  ['full', FULL, SUBVOL, {}],
  ['incremental', { ...INCREMENTAL, parent: parentOf(PARENT) }, SNAPSHOT, PARENT],
] as const)('any honest %s stream', (_, expected, head, start) => {
  it('passes, whatever it makes, moves, swaps and removes', () => {
    fc.assert(
      fc.property(fc.array(anyChoice, { maxLength: 60 }), (choices) => {
        const tree = new ModelTree(start);
        const commands = choices.flatMap((choice) => tree.step(choice) ?? []);
        const stream = Buffer.concat([encodeHeader(), head, ...commands, END]);
        expect(refusalOf(expected, [stream])).toEqual({ error: undefined, passed: stream });
      }),
      { numRuns: 300 },
    );
  });

  it('stops at a command through any symlink that is there by then', () => {
    fc.assert(
      fc.property(fc.array(anyChoice, { maxLength: 60 }), fc.nat(1000), (choices, which) => {
        const tree = new ModelTree(start);
        const commands = choices.flatMap((choice) => tree.step(choice) ?? []);
        const symlinks = tree.paths('symlink');
        const symlink = symlinks[which % symlinks.length];
        fc.pre(symlink !== undefined);
        for (const hostile of through(`${symlink}/x`)) {
          const stream = Buffer.concat([encodeHeader(), head, ...commands, mkfile('copy'), hostile, END]);
          expect(refusalOf(expected, [stream]).error).toMatchObject({ code: 'GUARD_THROUGH_SYMLINK' });
        }
        const onto = Buffer.concat([encodeHeader(), head, ...commands, write(symlink), END]);
        expect(refusalOf(expected, [onto]).error).toMatchObject({ code: 'GUARD_WRONG_KIND' });
      }),
      { numRuns: 200 },
    );
  });
});

function through(path: string): readonly Uint8Array[] {
  return [
    mkfile(path),
    mkdir(path),
    write(path),
    chmod(0o755n, path),
    unlink(path),
    rename(path, 'y'),
    rename('copy', path),
    link(path, 'copy'),
    link('y', path),
  ];
}
