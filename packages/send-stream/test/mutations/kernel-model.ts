import { type Cut, cutStream } from './cut-stream.ts';
import { cString, Errno, type Inode, inode, list, type SeenKind, snapshotOf } from './inode.ts';
import { ModelHost } from './model-host.ts';

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
  readonly #host: ModelHost;
  readonly #expected: ModelExpectation;
  readonly #original: Inode | undefined;
  #finished = false;

  constructor(expected: ModelExpectation, parent: Inode | undefined) {
    this.#host = new ModelHost(expected.name);
    this.#expected = expected;
    this.#original = parent;
  }

  run(stream: Uint8Array): Outcome {
    const { version, commands, problem } = cutStream(stream);
    try {
      if (version < 1 || version > 3) throw new Errno('version');
      for (const command of commands) this.#command(command, version);
      if (problem !== undefined && this.#finished) this.#host.harm.push(`${problem} after the end`);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    const tree: Record<string, string> = {};
    const kinds = new Map<string, SeenKind>();
    if (this.#host.root !== undefined) list(this.#host.root, '', tree, kinds);
    return { harm: this.#host.harm, finished: this.#finished, tree, kinds, root: this.#host.root };
  }

  #command({ type, attributes }: Cut, version: number): void {
    const given = new Map<number, Buffer>();
    for (const attribute of attributes) {
      if (given.has(attribute.type)) this.#host.harm.push(`attribute ${attribute.type} twice`);
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
    if (this.#finished) this.#host.harm.push(`command ${type} after the end`);
    if (type !== C.subvol && type !== C.snapshot && this.#host.root === undefined) {
      this.#host.harm.push(`command ${type} before the subvolume`);
      throw new Errno('no subvolume');
    }
    switch (type) {
      case C.subvol:
      case C.snapshot:
        this.#begin(type === C.snapshot, text, u64, bytes);
        return;
      case 3:
        this.#host.make(text(15), 'file');
        return;
      case 4:
        this.#host.make(text(15), 'directory');
        return;
      case 5:
        this.#host.harm.push('a device node');
        this.#host.make(text(15), 'device');
        return;
      case 6:
        this.#host.make(text(15), 'fifo');
        return;
      case 7:
        this.#host.make(text(15), 'socket');
        return;
      case 8:
        this.#host.make(text(15), 'symlink').target = cString(text(17));
        return;
      case 9:
        this.#host.rename(text(15), text(16));
        return;
      case 10:
        this.#host.link(text(15), text(17));
        return;
      case 11:
      case 12:
        this.#host.remove(text(15), type === 12);
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
        if ((mode & 0o6000n) !== 0n) this.#host.harm.push('a set-id bit');
        this.#host.change(text(15), true).meta.set('mode', `${mode & 0o7777n}`);
        return;
      }
      case 19:
        this.#host.change(text(15), false).meta.set('owner', `${u64(6)}:${u64(7)}`);
        return;
      case 20:
        this.#host.change(text(15), false).meta.set('times', [9, 10, 11].map((time) => text(time)).join());
        return;
      case C.end:
        this.#finished = true;
        return;
      case 22:
        this.#host.harm.push('contents that are not there');
        return;
      case 23:
        if (version < 2) break;
        this.#contents(text(15), `fallocate ${text(25)}`, u64(18), u64(4));
        return;
      case 24:
        if (version < 2) break;
        this.#host.change(text(15), true).meta.set('flags', `${u64(26)}`);
        return;
      case 25:
        if (version < 2) break;
        this.#contents(text(15), `encoded ${text(28)} ${text(29)} ${digestable(bytes(19))}`, u64(18), u64(27));
        return;
      case 26:
        if (version < 3) break;
        this.#host.change(text(15), true).meta.set('verity', text(34));
        return;
    }
    this.#host.harm.push(`unknown command ${type}`);
  }

  #begin(
    isSnapshot: boolean,
    text: (number: number) => string,
    u64: (number: number) => bigint,
    bytes: (number: number) => Buffer,
  ): void {
    const { name, uuid, transid, parentUuid } = this.#expected;
    if (this.#host.root !== undefined) this.#host.harm.push('a second subvolume');
    const parent = isSnapshot ? bytes(20).toString('hex') : undefined;
    const isExpected =
      text(15) === name &&
      bytes(1).toString('hex') === uuid.replaceAll('-', '') &&
      u64(2) === transid &&
      parent === parentUuid?.replaceAll('-', '');
    if (!isExpected) {
      this.#host.harm.push('another subvolume');
      throw new Errno('another subvolume');
    }
    this.#host.root = isSnapshot ? snapshotOf(this.#original, name) : inode('directory', name);
    this.#host.root.meta.set('mode', this.#host.root.meta.get('mode') ?? '493');
    this.#host.add(this.#host.into, name, this.#host.root);
  }

  #xattr(path: string, name: string, value: string | undefined): void {
    const changed = this.#host.change(path, false);
    const isUsual = /^(user|btrfs)\.[^\0]+$|^system\.posix_acl_(access|default)$|^security\.selinux$/s.test(name);
    if (value !== undefined && !isUsual) this.#host.harm.push('an unusual attribute');
    if (value === undefined) changed.meta.delete(`xattr ${name}`);
    else changed.meta.set(`xattr ${name}`, value);
  }

  #contents(path: string, what: string, start: bigint, length: bigint): void {
    const file = this.#host.change(path, true);
    if (start + length >= 1n << 63n) this.#host.harm.push('a file beyond the end of all files');
    if (file.kind !== 'file') throw new Errno('EISDIR');
    file.contents.push(`${what} ${start} ${length}`);
  }

  #clone(text: (number: number) => string, u64: (number: number) => bigint, bytes: (number: number) => Buffer): void {
    const from = bytes(20).toString('hex');
    const { uuid, parentUuid } = this.#expected;
    const base = from === uuid.replaceAll('-', '') ? this.#host.root : this.#original;
    if (base === this.#original && from !== parentUuid?.replaceAll('-', '')) {
      this.#host.harm.push('a clone from elsewhere');
      throw new Errno('ESTALE');
    }
    if (base === undefined) throw new Errno('ENOENT');
    const source = this.#host.walk(text(22), true, base);
    if (source.of !== base.of) this.#host.harm.push(`cloned from ${source.of}`);
    if (source.kind !== 'file') throw new Errno('EISDIR');
    this.#contents(text(15), `clone ${source.contents.join(';')} ${u64(23)}`, u64(18), u64(24));
  }
}

function digestable(data: Buffer): string {
  return data.toString('base64');
}
