import { describe, expect, it } from 'vitest';
import { type PathBytes, pathFromText, ROOT } from '../path-bytes.ts';
import type { StoredFile, Tree, TreeEntry } from '../tree.ts';
import type { Comparison } from './compare-contents.ts';
import { diffTrees } from './diff-trees.ts';
import { matchInodes } from './match-inodes.ts';
import { planUpdate } from './plan-update.ts';
import type { BlockRange } from './step.ts';

const plain = { mode: 0o755, uid: 0, gid: 0, xattrs: new Map<string, string>() };
const directory: TreeEntry<StoredFile> = { kind: 'directory', ...plain };
const symlinkTo = (target: string): TreeEntry<StoredFile> => ({
  kind: 'symlink',
  ...plain,
  target: pathFromText(target),
});
const linkTo = (to: string): TreeEntry<StoredFile> => ({ kind: 'hard-link', to: pathFromText(to) });
const fileOf = (size: number, more: Partial<typeof plain> = {}): TreeEntry<StoredFile> => ({
  kind: 'file',
  ...plain,
  ...more,
  size,
  content: { at: pathFromText('/source'), size, inode: 1, modifiedMs: 0 },
});

function treeOf(entries: Record<string, TreeEntry<StoredFile>>): Tree<StoredFile> {
  const paths = Object.entries(entries).map(([path, entry]): [PathBytes, TreeEntry<StoredFile>] => [
    pathFromText(path),
    entry,
  ]);
  return new Map([[ROOT, directory] as const, ...paths.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Plans with these ranges found different, by path; everything else compared equal. */
function plan(
  wanted: Record<string, TreeEntry<StoredFile>>,
  now: Record<string, TreeEntry<StoredFile>>,
  differing: Record<string, readonly BlockRange[]> = {},
) {
  const [desired, actual] = [{ entries: treeOf(wanted) }, { root: '/golden', entries: treeOf(now) }];
  const matched = matchInodes(desired.entries, actual.entries);
  const comparison: Comparison = new Map(
    [...matched].map(([first, at]) => [first, { at, ranges: differing[first] ?? [] }]),
  );
  const differences = diffTrees(desired, actual, comparison);
  return { steps: planUpdate(desired, actual, comparison).steps.map(({ says }) => says), differences };
}

describe('planUpdate', () => {
  it('has nothing to do for equal trees', () => {
    const tree = { d: directory, 'd/f': fileOf(5), g: linkTo('d/f'), s: symlinkTo('d') };
    expect(plan(tree, tree)).toEqual({ steps: [], differences: [] });
  });

  it('creates directories before what is in them, and links after their files', () => {
    const { steps } = plan({ a: directory, 'a/b': fileOf(3), c: linkTo('a/b'), d: symlinkTo('e') }, {});
    expect(steps).toEqual([
      'create directory a (0755 0:0)',
      'write a/b (3 bytes, 0755 0:0)',
      'link c to a/b',
      'create symlink d to e',
    ]);
  });

  it('removes what is below a directory before the directory', () => {
    const { steps, differences } = plan(
      { a: fileOf(1) },
      { a: directory, 'a/b': directory, 'a/b/c': fileOf(1), 'a.x': fileOf(1) },
    );
    expect(steps).toEqual([
      'remove a/b/c',
      'remove directory a/b',
      'remove a.x',
      'remove directory a',
      'write a (1 bytes, 0755 0:0)',
    ]);
    expect(differences).toEqual([
      { kind: 'differs', path: 'a', aspects: ['type'] },
      { kind: 'unexpected', path: 'a.x' },
      { kind: 'unexpected', path: 'a/b' },
      { kind: 'unexpected', path: 'a/b/c' },
    ]);
  });

  it('writes only the blocks that differ, and the tail of a file that grows', () => {
    const { steps, differences } = plan(
      { f: fileOf(1_000_000), grows: fileOf(9000), shrinks: fileOf(10) },
      { f: fileOf(1_000_000), grows: fileOf(5000), shrinks: fileOf(9000) },
      { f: [{ offset: 4096, length: 4096 }] },
    );
    expect(steps).toEqual([
      'rewrite 4096 of 1000000 bytes of f in 1 place',
      'rewrite 4904 of 9000 bytes of grows in 1 place, which had 5000 bytes',
      'rewrite 0 of 10 bytes of shrinks in 0 places, which had 9000 bytes',
    ]);
    expect(differences.map((difference) => ('aspects' in difference ? difference.aspects : []))).toEqual([
      ['content'],
      ['content'],
      ['content'],
    ]);
  });

  it('keeps an inode for one file only when hard links are parted, and joins files that become one', () => {
    expect(plan({ a: fileOf(1), b: fileOf(1) }, { a: fileOf(1), b: linkTo('a') }).steps).toEqual([
      'remove b',
      'write b (1 bytes, 0755 0:0)',
    ]);
    expect(plan({ a: fileOf(1), b: linkTo('a') }, { a: fileOf(1), b: fileOf(1) }).steps).toEqual([
      'remove b',
      'link b to a',
    ]);
  });

  it('keeps the inode of a hard-linked file under the name that it has', () => {
    const { steps } = plan({ a: fileOf(1), b: linkTo('a') }, { b: fileOf(1) });
    expect(steps).toEqual(['link a to b']);
  });

  it('makes a symlink with another text anew', () => {
    expect(plan({ s: symlinkTo('x') }, { s: symlinkTo('y') })).toEqual({
      steps: ['remove s', 'create symlink s to x'],
      differences: [{ kind: 'differs', path: 's', aspects: ['link'] }],
    });
  });

  it('sets owner and mode where they differ, and the mode again where a new owner loses set-uid', () => {
    const { steps } = plan(
      { a: fileOf(1, { mode: 0o4755, uid: 1 }), b: fileOf(1, { mode: 0o600 }), c: fileOf(1, { gid: 2 }) },
      { a: fileOf(1, { mode: 0o4755 }), b: fileOf(1), c: fileOf(1) },
    );
    expect(steps).toEqual(['give a owner 1:0 and mode 4755', 'give b mode 0600', 'give c owner 0:2']);
  });

  it('takes away what would be inherited before something new is created, and gives it back at the end', () => {
    const withProperty: TreeEntry<StoredFile> = {
      kind: 'directory',
      ...plain,
      xattrs: new Map([['btrfs.compression', '7a']]),
    };
    const { steps } = plan({ d: withProperty, 'd/new': fileOf(1) }, { d: withProperty });
    expect(steps).toEqual([
      'change extended attributes of d',
      'write d/new (1 bytes, 0755 0:0)',
      'change extended attributes of d',
    ]);
  });
});
