import { type Cut, cutStream } from './cut-stream.ts';
import { cString, Errno, existing, type Inode, inode, type Kind, list, type SeenKind, snapshotOf } from './inode.ts';

/*
 * What a kernel and `btrfs receive` would do with a stream: on a small host in memory, and with their trust. Paths are
 * joined and walked as the kernel walks them, through `..` and symlinks; nothing is refused that they would not refuse.
 * Written without a look at the guard, whose judge it is.
 */

/** What became of the host. */
export interface Outcome {
  /** What an honest stream never does: names of harm, in order. */
  readonly harm: readonly string[];
  /** Whether the snapshot was finished. */
  readonly finished: boolean;
  /** Everything in the snapshot: path → what is there. */
  readonly tree: Readonly<Record<string, string>>;
  /** The kind at a path of the snapshot, for a guard of the next stream. */
  readonly kinds: ReadonlyMap<string, SeenKind>;
  readonly root: Inode | undefined;
}

/** What the stream is expected to be. */
export interface ModelExpectation {
  readonly name: string;
  readonly uuid: string;
  readonly transid: bigint;
  readonly parentUuid?: string | undefined;
}

/** Runs a stream, or its beginning. @param parent the outcome of the stream that made the parent */
export function runInModel(stream: Uint8Array, expected: ModelExpectation, parent?: Outcome): Outcome {
  return new Model(expected, parent?.root).run(stream);
}

const C = { subvol: 1, snapshot: 2, end: 21 } as const;

class Model {
  readonly #harm: string[] = [];
  readonly #expected: ModelExpectation;
  readonly #hostRoot = inode('directory', 'outside');
  readonly #into: Inode;
  readonly #original: Inode | undefined;
  #root: Inode | undefined;
  #finished = false;

  constructor(expected: ModelExpectation, parent: Inode | undefined) {
    this.#expected = expected;
    this.#original = parent;
    const sentinel = this.#add(this.#hostRoot, 'sentinel', inode('directory', 'outside'));
    this.#add(sentinel, 'file', inode('file', 'outside'));
    for (const name of ['etc', 'tmp']) this.#add(this.#hostRoot, name, inode('directory', 'outside'));
    const pool = this.#add(this.#hostRoot, 'pool', inode('directory', 'outside'));
    this.#into = this.#add(pool, 'in', inode('directory', 'outside'));
  }

  run(stream: Uint8Array): Outcome {
    const { version, commands, problem } = cutStream(stream);
    try {
      if (version < 1 || version > 3) throw new Errno('version');
      for (const command of commands) this.#command(command, version);
      if (problem !== undefined && this.#finished) this.#harm.push(`${problem} after the end`);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    const tree: Record<string, string> = {};
    const kinds = new Map<string, SeenKind>();
    if (this.#root !== undefined) list(this.#root, '', tree, kinds);
    return { harm: this.#harm, finished: this.#finished, tree, kinds, root: this.#root };
  }

  #command({ type, attributes }: Cut, version: number): void {
    const given = new Map<number, Buffer>();
    for (const attribute of attributes) {
      if (given.has(attribute.type)) this.#harm.push(`attribute ${attribute.type} twice`);
      given.set(attribute.type, attribute.value);
    }
    const bytes = (number: number): Buffer => {
      const value = given.get(number);
      if (value === undefined) throw new Errno(`no attribute ${number}`);
      return value;
    };
    const text = (number: number) => bytes(number).toString('latin1');
    const u64 = (number: number): bigint => {
      if (bytes(number).length !== 8) throw new Errno(`attribute ${number} is no number`);
      return bytes(number).readBigUInt64LE();
    };
    if (this.#finished) this.#harm.push(`command ${type} after the end`);
    if (type !== C.subvol && type !== C.snapshot && this.#root === undefined) {
      this.#harm.push(`command ${type} before the subvolume`);
      throw new Errno('no subvolume');
    }
    switch (type) {
      case C.subvol:
      case C.snapshot:
        this.#begin(type === C.snapshot, text, u64, bytes);
        return;
      case 3:
        this.#make(text(15), 'file');
        return;
      case 4:
        this.#make(text(15), 'directory');
        return;
      case 5:
        this.#harm.push('a device node');
        this.#make(text(15), 'device');
        return;
      case 6:
        this.#make(text(15), 'fifo');
        return;
      case 7:
        this.#make(text(15), 'socket');
        return;
      case 8:
        this.#make(text(15), 'symlink').target = cString(text(17));
        return;
      case 9:
        this.#rename(text(15), text(16));
        return;
      case 10:
        this.#link(text(15), text(17));
        return;
      case 11:
      case 12:
        this.#remove(text(15), type === 12);
        return;
      case 13:
      case 14:
        this.#xattr(text(15), text(13), type === 13 ? text(14) : undefined);
        return;
      case 15:
        this.#contents(text(15), `write ${digestable(bytes(19))}`, u64(18), BigInt(bytes(19).length));
        return;
      case 16:
        this.#clone(text, u64, bytes);
        return;
      case 17:
        this.#contents(text(15), 'truncate', u64(4), 0n);
        return;
      case 18: {
        const mode = u64(5);
        if ((mode & 0o6000n) !== 0n) this.#harm.push('a set-id bit');
        this.#change(text(15), true).meta.set('mode', `${mode & 0o7777n}`);
        return;
      }
      case 19:
        this.#change(text(15), false).meta.set('owner', `${u64(6)}:${u64(7)}`);
        return;
      case 20:
        this.#change(text(15), false).meta.set('times', [9, 10, 11].map((time) => text(time)).join());
        return;
      case C.end:
        this.#finished = true;
        return;
      case 22:
        this.#harm.push('contents that are not there');
        return;
      case 23:
        if (version < 2) break;
        this.#contents(text(15), `fallocate ${text(25)}`, u64(18), u64(4));
        return;
      case 24:
        if (version < 2) break;
        this.#change(text(15), true).meta.set('flags', `${u64(26)}`);
        return;
      case 25:
        if (version < 2) break;
        this.#contents(text(15), `encoded ${text(28)} ${text(29)} ${digestable(bytes(19))}`, u64(18), u64(27));
        return;
      case 26:
        if (version < 3) break;
        this.#change(text(15), true).meta.set('verity', text(34));
        return;
    }
    this.#harm.push(`unknown command ${type}`);
  }

  #begin(
    isSnapshot: boolean,
    text: (number: number) => string,
    u64: (number: number) => bigint,
    bytes: (number: number) => Buffer,
  ): void {
    const { name, uuid, transid, parentUuid } = this.#expected;
    if (this.#root !== undefined) this.#harm.push('a second subvolume');
    const parent = isSnapshot ? bytes(20).toString('hex') : undefined;
    const isExpected =
      text(15) === name &&
      bytes(1).toString('hex') === uuid.replaceAll('-', '') &&
      u64(2) === transid &&
      parent === parentUuid?.replaceAll('-', '');
    if (!isExpected) {
      this.#harm.push('another subvolume');
      throw new Errno('another subvolume');
    }
    this.#root = isSnapshot ? snapshotOf(this.#original, name) : inode('directory', name);
    this.#root.meta.set('mode', this.#root.meta.get('mode') ?? '493');
    this.#add(this.#into, name, this.#root);
  }

  #make(path: string, kind: Kind): Inode {
    const { directory, name } = this.#place(path);
    if (directory.children.has(name)) {
      // mkfile opens what is there and empties it.
      if (kind === 'file') this.#harm.push('made a file that is there');
      throw new Errno('EEXIST');
    }
    return this.#add(directory, name, inode(kind, directory.of));
  }

  #rename(from: string, to: string): void {
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
    this.#add(target.directory, target.name, moved);
  }

  #link(path: string, to: string): void {
    const linked = existing(this.#place(to));
    const { directory, name } = this.#place(path);
    if (linked.kind === 'directory') throw new Errno('EPERM');
    if (directory.children.has(name)) throw new Errno('EEXIST');
    directory.children.set(name, linked);
  }

  #remove(path: string, asDirectory: boolean): void {
    const place = this.#place(path);
    const removed = existing(place);
    if (asDirectory !== (removed.kind === 'directory') || removed.children.size > 0) throw new Errno('ENOTEMPTY');
    place.directory.children.delete(place.name);
  }

  #xattr(path: string, name: string, value: string | undefined): void {
    const changed = this.#change(path, false);
    const isUsual = /^(user|btrfs)\.[^\0]+$|^system\.posix_acl_(access|default)$|^security\.selinux$/s.test(name);
    if (value !== undefined && !isUsual) this.#harm.push('an unusual attribute');
    if (value === undefined) changed.meta.delete(`xattr ${name}`);
    else changed.meta.set(`xattr ${name}`, value);
  }

  #contents(path: string, what: string, start: bigint, length: bigint): void {
    const file = this.#change(path, true);
    if (start + length >= 1n << 63n) this.#harm.push('a file beyond the end of all files');
    if (file.kind !== 'file') throw new Errno('EISDIR');
    file.contents.push(`${what} ${start} ${length}`);
  }

  #clone(text: (number: number) => string, u64: (number: number) => bigint, bytes: (number: number) => Buffer): void {
    const from = bytes(20).toString('hex');
    const { uuid, parentUuid } = this.#expected;
    const base = from === uuid.replaceAll('-', '') ? this.#root : this.#original;
    if (base === this.#original && from !== parentUuid?.replaceAll('-', '')) {
      this.#harm.push('a clone from elsewhere');
      throw new Errno('ESTALE');
    }
    if (base === undefined) throw new Errno('ENOENT');
    const source = this.#walk(text(22), true, base);
    if (source.of !== base.of) this.#harm.push(`cloned from ${source.of}`);
    if (source.kind !== 'file') throw new Errno('EISDIR');
    this.#contents(text(15), `clone ${source.contents.join(';')} ${u64(23)}`, u64(18), u64(24));
  }

  /** Something whose metadata or contents change. */
  #change(path: string, follow: boolean): Inode {
    const found = this.#walk(path, follow);
    if (found.of !== this.#expected.name) this.#harm.push(`changed ${found.of}`);
    return found;
  }

  /** A name that comes or goes: in which directory. */
  #place(path: string): { directory: Inode; name: string } {
    const names = cString(path).split('/');
    while (names.at(-1) === '' && names.length > 1) names.pop();
    const name = names.pop() ?? '';
    const directory = this.#walk(names.join('/'), true);
    if (directory.of !== this.#expected.name) this.#harm.push(`a name in ${directory.of}`);
    if (name === '' || name === '.' || name === '..') throw new Errno('EBUSY');
    return { directory, name };
  }

  /** As the kernel walks from a snapshot's root. */
  #walk(path: string, follow: boolean, from: Inode | undefined = this.#root): Inode {
    let at = from;
    let links = 0;
    const left = cString(path).split('/');
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      if (at === undefined) throw new Errno('ENOENT');
      if (name === '' || name === '.') continue;
      if (at.kind !== 'directory') throw new Errno('ENOTDIR');
      if (name === '..') {
        this.#harm.push('climbed');
        at = at.parent ?? at;
        continue;
      }
      const next: Inode | undefined = at.children.get(name);
      if (next === undefined) throw new Errno('ENOENT');
      if (next.kind !== 'symlink' || (!follow && left.every((rest) => rest === ''))) {
        at = next;
        continue;
      }
      this.#harm.push('followed a symlink');
      links += 1;
      if (links > 40) throw new Errno('ELOOP');
      if (next.target.startsWith('/')) at = this.#hostRoot;
      left.unshift(...next.target.split('/'));
    }
    if (at === undefined) throw new Errno('ENOENT');
    return at;
  }

  #add(directory: Inode, name: string, child: Inode): Inode {
    directory.children.set(name, child);
    child.parent = directory;
    return child;
  }
}

function digestable(data: Buffer): string {
  return data.toString('base64');
}
