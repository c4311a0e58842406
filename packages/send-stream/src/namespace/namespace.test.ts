import { describe, expect, it } from 'vitest';
import { Namespace } from './namespace.ts';
import { type ParentLookup, type ParentObject, UNSEEN_PARENT } from './parent-lookup.ts';

const bytes = (path: string) => Buffer.from(path, 'latin1');

/** A parent with these paths; `asked` are those that were looked at. */
function parentOf(tree: Record<string, ParentObject['kind'] | ParentObject>): ParentLookup & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    find: (path) => {
      const text = Buffer.from(path).toString('latin1');
      asked.push(text);
      const found = tree[text];
      return typeof found === 'string' ? { kind: found } : found;
    },
  };
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('the names of a full stream', () => {
  it('start with an empty root', () => {
    const names = new Namespace();
    expect(names.get(bytes(''))).toMatchObject({ kind: 'directory', index: 0, parentPath: undefined });
    expect(() => names.get(bytes('a'))).toThrowError(code('GUARD_NO_SUCH_PATH'));
  });

  it('lead to what was created, through renamed directories too', () => {
    const names = new Namespace();
    names.create(bytes('o257-7-0'), 'directory');
    const file = names.create(bytes('o257-7-0/f'), 'file');
    names.rename(bytes('o257-7-0'), bytes('a'));
    expect(names.get(bytes('a/f'))).toBe(file);
    expect(() => names.get(bytes('o257-7-0/f'))).toThrowError(code('GUARD_NO_SUCH_PATH'));
  });

  it('give one object for all of its links, until the last is gone', () => {
    const names = new Namespace();
    const file = names.create(bytes('f'), 'file');
    names.link(bytes('g'), bytes('f'));
    expect(file.names).toBe(2);
    names.unlink(bytes('f'));
    expect(names.get(bytes('g'))).toBe(file);
    names.unlink(bytes('g'));
    expect(file.names).toBe(0);
  });

  it('are bytes, not text', () => {
    const names = new Namespace();
    names.create(Buffer.of(0xe9), 'file');
    names.create(Buffer.of(0xc3, 0xa9), 'fifo');
    expect(names.get(Buffer.of(0xe9)).kind).toBe('file');
    expect(names.get(Buffer.of(0xc3, 0xa9)).kind).toBe('fifo');
  });

  it.each([
    ['a path through a symlink', 'GUARD_THROUGH_SYMLINK', (n: Namespace) => n.get(bytes('link/x'))],
    ['a path through a file', 'GUARD_NOT_A_DIRECTORY', (n: Namespace) => n.get(bytes('f/x'))],
    ['a path that climbs out', 'GUARD_BAD_PATH', (n: Namespace) => n.get(bytes('d/../x'))],
    ['a name that is taken', 'GUARD_EXISTS', (n: Namespace) => n.create(bytes('f'), 'file')],
    ['the name of the root', 'GUARD_BAD_PATH', (n: Namespace) => n.create(bytes(''), 'directory')],
    ['a rename onto what is there', 'GUARD_EXISTS', (n: Namespace) => n.rename(bytes('f'), bytes('link'))],
    ['a rename onto itself', 'GUARD_EXISTS', (n: Namespace) => n.rename(bytes('f'), bytes('f'))],
    ['a rename of what is not there', 'GUARD_NO_SUCH_PATH', (n: Namespace) => n.rename(bytes('x'), bytes('y'))],
    ['a directory renamed into itself', 'GUARD_INTO_ITSELF', (n: Namespace) => n.rename(bytes('d'), bytes('d/e/x'))],
    ['a hard link to a directory', 'GUARD_WRONG_KIND', (n: Namespace) => n.link(bytes('x'), bytes('d'))],
    ['a directory unlinked', 'GUARD_WRONG_KIND', (n: Namespace) => n.unlink(bytes('d'))],
    ['a symlink removed as a directory', 'GUARD_NOT_A_DIRECTORY', (n: Namespace) => n.rmdir(bytes('link'))],
    ['a directory removed with what is in it', 'GUARD_NOT_EMPTY', (n: Namespace) => n.rmdir(bytes('d'))],
  ])('refuse %s, and stay as they were', (_, expected, wrong) => {
    const names = new Namespace();
    names.create(bytes('f'), 'file');
    names.create(bytes('d'), 'directory');
    names.create(bytes('d/e'), 'directory');
    names.create(bytes('link'), 'symlink');
    const before = [...names.names()];
    expect(() => wrong(names)).toThrowError(code(expected));
    expect([...names.names()]).toEqual(before);
  });
});

describe('the names of an incremental stream', () => {
  const tree = { a: 'directory', 'a/f': 'symlink', 'a/f/x': 'file', b: 'directory', 'b/f': 'file' } as const;

  it('lead to the parent where they did before a swap of directories', () => {
    const names = new Namespace(parentOf(tree));
    names.rename(bytes('b'), bytes('o258-14-0'));
    names.rename(bytes('a'), bytes('b'));
    names.rename(bytes('o258-14-0'), bytes('a'));
    expect(names.get(bytes('a/f'))).toMatchObject({ kind: 'file', parentPath: 'b/f' });
    expect(names.get(bytes('b/f'))).toMatchObject({ kind: 'symlink', parentPath: 'a/f' });
    expect(() => names.get(bytes('b/f/x'))).toThrowError(code('GUARD_THROUGH_SYMLINK'));
  });

  it('look at nothing of the parent that no command names, and at no path twice', () => {
    const parent = parentOf(tree);
    const names = new Namespace(parent);
    names.rename(bytes('b'), bytes('c'));
    names.get(bytes('c/f'));
    names.unlink(bytes('c/f'));
    expect(() => names.get(bytes('c/f'))).toThrowError(code('GUARD_NO_SUCH_PATH'));
    expect(parent.asked).toEqual(['b', 'c', 'b/f']);
  });

  it('forget temporary names, and know what of the parent is gone', () => {
    const names = new Namespace(parentOf(tree));
    names.create(bytes('o300-9-0'), 'file');
    names.unlink(bytes('b/f'));
    names.rename(bytes('o300-9-0'), bytes('b/f'));
    names.unlink(bytes('b/f'));
    const found = [...names.names()].map(({ directory, name, entry }) => [directory, name, entry?.kind]);
    expect(found).toEqual([
      ['', 'b', 'directory'],
      ['b', 'f', undefined],
    ]);
  });

  it('give one object for two names that the parent says are of one', () => {
    const names = new Namespace(parentOf({ f: { kind: 'file', id: 9 }, g: { kind: 'file', id: 9 } }));
    expect(names.get(bytes('f'))).toBe(names.get(bytes('g')));
    names.unlink(bytes('f'));
    expect(names.get(bytes('g'))).toMatchObject({ parentPath: 'f', names: 1 });
    expect(() => names.get(bytes('f'))).toThrowError(code('GUARD_NO_SUCH_PATH'));
  });

  it('show the parent as it was, whatever the stream did', () => {
    const names = new Namespace(parentOf(tree));
    names.unlink(bytes('b/f'));
    expect(names.original(bytes('b/f'))).toEqual({ kind: 'file' });
    expect(() => names.original(bytes('a/f/x'))).toThrowError(code('GUARD_THROUGH_SYMLINK'));
    expect(() => names.original(bytes('c'))).toThrowError(code('GUARD_NO_SUCH_PATH'));
    expect(() => names.original(bytes('../b/f'))).toThrowError(code('GUARD_BAD_PATH'));
  });

  it('may be anything where the parent cannot be seen, until the stream says what they are', () => {
    const names = new Namespace(UNSEEN_PARENT);
    expect(names.get(bytes('a/b'))).toMatchObject({ kind: 'unknown', parentPath: 'a/b' });
    expect(() => names.create(bytes('a/b'), 'file')).toThrowError(code('GUARD_EXISTS'));
    names.unlink(bytes('a/b'));
    names.create(bytes('a/b'), 'symlink');
    expect(() => names.get(bytes('a/b/c'))).toThrowError(code('GUARD_THROUGH_SYMLINK'));
  });
});
