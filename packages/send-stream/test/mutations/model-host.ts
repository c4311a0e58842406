import { cString, Errno, existing, type Inode, inode, type Kind } from './inode.ts';

/** A small host: `/sentinel/file`, and the snapshot under construction in `/pool/in`. Notes what harm is done to it. */
export class ModelHost {
  /** What an honest stream never does. */
  readonly harm: string[] = [];
  /** Where snapshots are received. */
  readonly into: Inode;
  /** The snapshot, once it is there. */
  root: Inode | undefined;
  readonly #name: string;
  readonly #hostRoot: Inode = inode('directory', 'outside');

  /** @param name of the snapshot: its inodes are of it */
  constructor(name: string) {
    this.#name = name;
    const directory = (above: Inode, below: string) => this.add(above, below, inode('directory', 'outside'));
    this.add(directory(this.#hostRoot, 'sentinel'), 'file', inode('file', 'outside'));
    for (const below of ['etc', 'tmp']) directory(this.#hostRoot, below);
    this.into = directory(directory(this.#hostRoot, 'pool'), 'in');
  }

  /** Makes a name for a new inode. */
  make(path: string, kind: Kind): Inode {
    const { directory, name } = this.#place(path);
    if (directory.children.has(name)) {
      // mkfile opens what is there and empties it.
      if (kind === 'file') this.harm.push('made a file that is there');
      throw new Errno('EEXIST');
    }
    return this.add(directory, name, inode(kind, directory.of));
  }

  /** rename(2), as far as streams need it. */
  rename(from: string, to: string): void {
    const source = this.#place(from);
    const moved = existing(source);
    const target = this.#place(to);
    for (let above: Inode | undefined = target.directory; above !== undefined; above = above.parent) {
      if (above === moved) throw new Errno('EINVAL');
    }
    const replaced = target.directory.children.get(target.name);
    if (replaced !== undefined && replaced !== moved) {
      const isDirectory = replaced.kind === 'directory';
      if (isDirectory !== (moved.kind === 'directory') || replaced.children.size > 0) throw new Errno('EEXIST');
    }
    source.directory.children.delete(source.name);
    this.add(target.directory, target.name, moved);
  }

  /** link(2). */
  link(path: string, to: string): void {
    const linked = existing(this.#place(to));
    const { directory, name } = this.#place(path);
    if (linked.kind === 'directory') throw new Errno('EPERM');
    if (directory.children.has(name)) throw new Errno('EEXIST');
    directory.children.set(name, linked);
  }

  /** unlink(2) or rmdir(2). */
  remove(path: string, asDirectory: boolean): void {
    const place = this.#place(path);
    const removed = existing(place);
    if (asDirectory !== (removed.kind === 'directory') || removed.children.size > 0) throw new Errno('ENOTEMPTY');
    place.directory.children.delete(place.name);
  }

  /** Something whose metadata or contents change. */
  change(path: string, follow: boolean): Inode {
    const found = this.walk(path, follow);
    if (found.of !== this.#name) this.harm.push(`changed ${found.of}`);
    return found;
  }

  /** A name that comes or goes: in which directory. */
  #place(path: string): { directory: Inode; name: string } {
    const names = cString(path).split('/');
    while (names.at(-1) === '' && names.length > 1) names.pop();
    const name = names.pop() ?? '';
    const directory = this.walk(names.join('/'), true);
    if (directory.of !== this.#name) this.harm.push(`a name in ${directory.of}`);
    if (name === '' || name === '.' || name === '..') throw new Errno('EBUSY');
    return { directory, name };
  }

  /** As the kernel walks from a snapshot's root. */
  walk(path: string, follow: boolean, from: Inode | undefined = this.root): Inode {
    let at = from;
    let links = 0;
    const left = cString(path).split('/');
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      if (at === undefined) throw new Errno('ENOENT');
      if (name === '' || name === '.') continue;
      if (at.kind !== 'directory') throw new Errno('ENOTDIR');
      if (name === '..') {
        this.harm.push('climbed');
        at = at.parent ?? at;
        continue;
      }
      const next: Inode | undefined = at.children.get(name);
      if (next === undefined) throw new Errno('ENOENT');
      if (next.kind !== 'symlink' || (!follow && left.every((rest) => rest === ''))) {
        at = next;
        continue;
      }
      this.harm.push('followed a symlink');
      links += 1;
      if (links > 40) throw new Errno('ELOOP');
      if (next.target.startsWith('/')) at = this.#hostRoot;
      left.unshift(...next.target.split('/'));
    }
    if (at === undefined) throw new Errno('ENOENT');
    return at;
  }

  /** Puts an inode into a directory, without a look at what is there. */
  add(directory: Inode, name: string, child: Inode): Inode {
    directory.children.set(name, child);
    child.parent = directory;
    return child;
  }
}
