import fc from 'fast-check';
import { INO, link, mkdir, mkfile, rename, rmdir, unlink, write } from './commands.ts';
import { encodeCommand } from './encode-stream.ts';

type Kind = 'file' | 'directory' | 'symlink' | 'fifo';

/** A tree as a plain list of paths: says what an honest sender would do next, in the simplest way there is. */
export class ModelTree {
  readonly #kinds = new Map<string, Kind>();

  constructor(paths: Readonly<Record<string, Kind>> = {}) {
    for (const [path, kind] of Object.entries(paths)) this.#kinds.set(path, kind);
  }

  /** Paths of one kind, sorted. */
  paths(kind?: Kind): readonly string[] {
    return [...this.#kinds].flatMap(([path, is]) => (kind === undefined || is === kind ? [path] : [])).sort();
  }

  /** Does one thing that is possible, and gives back its command; undefined when nothing of the wanted kind is there. */
  step({ what, which, where, name }: Choice): Uint8Array | undefined {
    const fresh = this.#below(pick(['', ...this.paths('directory')], where) ?? '', name);
    const any = pick(this.paths(), which);
    const file = pick(this.paths('file'), which);
    const isFree = !this.#kinds.has(fresh);
    const existing = what === 'link' || what === 'write' ? file : any;
    if (MADE.has(what)) {
      if (!isFree) return undefined;
      this.#kinds.set(fresh, what as Kind);
      return made(what as Kind, fresh);
    }
    if (existing === undefined) return undefined;
    switch (what) {
      case 'link':
        if (!isFree) return undefined;
        this.#kinds.set(fresh, 'file');
        return link(fresh, existing);
      case 'rename':
        if (!isFree || `${fresh}/`.startsWith(`${existing}/`)) return undefined;
        this.#move(existing, fresh);
        return rename(existing, fresh);
      case 'remove':
        return this.#remove(existing);
      default:
        return write(existing);
    }
  }

  #below(directory: string, name: string): string {
    return directory === '' ? name : `${directory}/${name}`;
  }

  #move(from: string, to: string): void {
    for (const [path, kind] of [...this.#kinds]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#kinds.delete(path);
      this.#kinds.set(to + path.slice(from.length), kind);
    }
  }

  #remove(path: string): Uint8Array | undefined {
    if (this.paths().some((other) => other.startsWith(`${path}/`))) return undefined;
    const isDirectory = this.#kinds.get(path) === 'directory';
    this.#kinds.delete(path);
    return isDirectory ? rmdir(path) : unlink(path);
  }
}

/** What to do, and numbers that choose among what is there. */
export interface Choice {
  readonly what: Kind | 'link' | 'rename' | 'remove' | 'write';
  readonly which: number;
  readonly where: number;
  readonly name: string;
}

export const anyChoice: fc.Arbitrary<Choice> = fc.record({
  what: fc.constantFrom(
    'file',
    'file',
    'directory',
    'directory',
    'symlink',
    'fifo',
    'link',
    'rename',
    'rename',
    'remove',
    'write',
  ),
  which: fc.nat(1000),
  where: fc.nat(1000),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'o257-7-0', 'é'),
});

const MADE: ReadonlySet<Choice['what']> = new Set(['file', 'directory', 'symlink', 'fifo']);

function made(kind: Kind, path: string): Uint8Array {
  if (kind === 'file') return mkfile(path);
  if (kind === 'directory') return mkdir(path);
  if (kind === 'fifo') return encodeCommand('mkfifo', [['path', path], INO]);
  return encodeCommand('symlink', [['path', path], INO, ['path_link', 'a']]);
}

function pick<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}
