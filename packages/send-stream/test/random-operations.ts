import * as fs from 'node:fs';
import { systemRunner } from '@goldstream/system';

/** Numbers from 0 up to, not including, `below`; the same ones for the same seed (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Does `count` random things to the tree at `root`, each of which people and package managers do too.
 * @returns inode numbers of files whose contents were touched
 */
export async function changeAtRandom(
  root: string,
  count: number,
  roll: (below: number) => number,
): Promise<ReadonlySet<number>> {
  const touched = new Set<number>();
  for (let done = 0; done < count; done++) {
    const operation = OPERATIONS[roll(OPERATIONS.length)];
    try {
      await operation?.(new Surroundings(root, roll, touched));
    } catch (error) {
      // A directory into itself, a name that is taken, a directory that is not empty: nothing was done.
      if (!IMPOSSIBLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return touched;
}

const IMPOSSIBLE: ReadonlySet<string> = new Set(['EINVAL', 'EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR', 'ENOENT']);

/** What an operation finds. Paths have one character a byte. */
class Surroundings {
  readonly root: string;
  readonly roll: (below: number) => number;
  readonly #touched: Set<number>;
  readonly #found: { readonly path: string; readonly stats: fs.Stats }[] = [];

  constructor(root: string, roll: (below: number) => number, touched: Set<number>) {
    this.root = root;
    this.roll = roll;
    this.#touched = touched;
    this.#list('');
  }

  /** One of what is there. */
  any(wanted: (stats: fs.Stats) => boolean = () => true): string {
    const fitting = this.#found.filter(({ stats }) => wanted(stats));
    const path = fitting[this.roll(fitting.length)]?.path;
    if (path === undefined) throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
    return path;
  }

  file = () => this.any((stats) => stats.isFile());
  directory = () => this.any((stats) => stats.isDirectory());

  /** A file whose contents are about to be touched. */
  fileToWrite(): Buffer {
    const at = this.at(this.file());
    this.#touched.add(fs.lstatSync(at).ino);
    return at;
  }

  /** A name in some directory; now and then one that is taken. */
  name(): string {
    const directories = this.#found.filter(({ stats }) => stats.isDirectory()).map(({ path }) => path);
    const directory = ['', ...directories][this.roll(directories.length + 1)] ?? '';
    const name = `${NAMES[this.roll(NAMES.length)]}${this.roll(40)}`;
    return directory === '' ? name : `${directory}/${name}`;
  }

  bytes(most = 20_000): Buffer {
    const fill = 1 + this.roll(255);
    return Buffer.from(Array.from({ length: 1 + this.roll(most) }, (_, at) => (at * 31 + fill * (at % 97)) & 0xff));
  }

  at(path: string): Buffer {
    return Buffer.from(`${this.root}/${path}`, 'latin1');
  }

  #list(directory: string): void {
    for (const entry of fs.readdirSync(this.at(directory), { encoding: 'latin1' })) {
      const path = directory === '' ? entry : `${directory}/${entry}`;
      const stats = fs.lstatSync(this.at(path));
      this.#found.push({ path, stats });
      if (stats.isDirectory()) this.#list(path);
    }
  }
}

const NAMES = ['f', 'with space', 'line\nbreak', 'back\\slash', '\xff\xfe', 'caf\xc3\xa9', '`tick', 'o257-7-'];

type Operation = (here: Surroundings) => void | Promise<void>;

const create: Operation = (here) => fs.writeFileSync(here.at(here.name()), here.bytes(), { flag: 'wx' });
const makeDirectory: Operation = (here) => fs.mkdirSync(here.at(here.name()));
const move: Operation = (here) => fs.renameSync(here.at(here.any()), here.at(here.name()));
const removeFile: Operation = (here) => fs.unlinkSync(here.at(here.any((stats) => !stats.isDirectory())));

const OPERATIONS: readonly Operation[] = [
  create,
  create,
  create,
  makeDirectory,
  makeDirectory,
  move,
  move,
  removeFile,
  (here) => fs.renameSync(here.at(here.directory()), here.at(here.name())),
  (here) => fs.symlinkSync(['../x', '/etc/passwd', 'f1'][here.roll(3)] ?? '', here.at(here.name())),
  (here) => fs.writeFileSync(here.fileToWrite(), here.bytes()),
  (here) => fs.appendFileSync(here.fileToWrite(), here.bytes(5000)),
  (here) => fs.truncateSync(here.fileToWrite(), here.roll(9000)),
  (here) => {
    const file = fs.openSync(here.fileToWrite(), 'r+');
    fs.writeSync(file, here.bytes(300), 0, 1, here.roll(30_000));
    fs.closeSync(file);
  },
  function swap(here) {
    const [one, other] = [here.any(), here.any()];
    if (one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)) return;
    fs.renameSync(here.at(one), here.at('aside'));
    fs.renameSync(here.at(other), here.at(one));
    fs.renameSync(here.at('aside'), here.at(other));
  },
  (here) => fs.linkSync(here.at(here.file()), here.at(here.name())),
  function replaceByDirectory(here) {
    const path = here.file();
    fs.unlinkSync(here.at(path));
    fs.mkdirSync(here.at(path));
    fs.writeFileSync(here.at(`${path}/inside`), here.bytes());
  },
  function replaceAtomically(here) {
    const path = here.file();
    fs.writeFileSync(here.at('aside'), here.bytes());
    fs.renameSync(here.at('aside'), here.at(path));
  },
  (here) => (here.roll(3) === 0 ? fs.rmSync(here.at(here.directory()), { recursive: true }) : undefined),
  (here) =>
    fs.chmodSync(here.at(here.any((stats) => !stats.isSymbolicLink())), [0o600, 0o755, 0o4711][here.roll(3)] ?? 0),
  (here) => fs.lchownSync(here.at(here.any()), here.roll(3), here.roll(3)),
  (here) => fs.utimesSync(here.at(here.file()), here.roll(1e9), here.roll(1e9)),
  (here) => setfattr(here, ['-n', `user.x${here.roll(3)}`, '-v', `${here.roll(9)}`]),
  async (here) => {
    await setfattr(here, ['-x', `user.x${here.roll(3)}`]);
  },
];

/** Only where the name survives the way through a command line as text. */
async function setfattr(here: Surroundings, words: readonly string[]): Promise<void> {
  const path = here.file();
  if (/[^ -~]/.test(path)) return;
  await systemRunner.run(['setfattr', '-h', ...words, `${here.root}/${path}`], { accept: [1] });
}
