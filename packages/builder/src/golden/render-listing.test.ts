import { type PathBytes, pathFromText, ROOT, type StoredFile, type Tree, type TreeEntry } from '@goldstream/tree';
import { describe, expect, it } from 'vitest';
import { differingPaths, renderListing } from './render-listing.ts';

const attributes = { mode: 0o644, uid: 0, gid: 0, xattrs: new Map<string, string>() };

describe('the listing of golden', () => {
  it('is equal for an equal tree, whatever device it is on', () => {
    const before = renderListing(treeOf({ a: file('a', { inode: 300, modifiedMs: 1 }) }));
    expect(differingPaths(before, before)).toEqual([]);
  });

  it('names what was written, added, removed and given another mode', () => {
    const before = treeOf({ a: file('a', {}), b: file('b', {}), c: file('c', {}), d: file('d', {}) });
    const after = treeOf({
      a: file('a', { modifiedMs: 2.5 }),
      b: { ...file('b', {}), mode: 0o600 },
      d: file('d', {}),
      'new one': file('new one', {}),
    });
    expect(differingPaths(renderListing(before), renderListing(after))).toEqual(['./a', './b', './c', './new\\040one']);
  });
});

function treeOf(entries: Record<string, TreeEntry<StoredFile>>): Tree<StoredFile> {
  const root: [PathBytes, TreeEntry<StoredFile>] = [ROOT, { kind: 'directory', ...attributes }];
  return new Map([root, ...Object.entries(entries).map(([name, entry]) => [pathFromText(name), entry] as const)]);
}

function file(name: string, { inode = 300, modifiedMs = 1 }: Partial<StoredFile>) {
  const content = { at: pathFromText(`/golden/${name}`), size: 4, inode, modifiedMs };
  return { kind: 'file' as const, ...attributes, size: 4, content };
}
