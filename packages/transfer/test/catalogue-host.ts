import { chmod, lstat, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findSubvolume, systemRunner as runner, SUBVOLUME_ROOT_INODE, type SubvolumeFacts } from '@goldstream/system';
import { type SealedTree, withSealedTree } from '@goldstream/testing';
import { FOREIGN_STREAM, PARENT_STREAM } from '../../../fixtures/send-stream/malformed/setup.ts';
import { NAME } from '../../../fixtures/send-stream/malformed/world.ts';
import { differences, type FullListing, fullListing, subvolumesOf } from './full-listing.ts';

/** The host that the streams of fixtures/send-stream/malformed are written against (world.ts there draws it). */
export interface CatalogueHost {
  /** Where snapshots are received: `/pool/in` of the host. The parent and a foreign subvolume are in it. */
  readonly into: string;
  /** Runs an action, tells what it did, and makes everything as it was at first. */
  watch<T>(action: () => Promise<T>): Promise<Watched<T>>;
  /** Plain `btrfs receive`, sealed in (see `withSealedTree`); gives back its exit code. */
  receivePlainly(stream: Uint8Array): Promise<number>;
}

/** What an action did. */
export interface Watched<T> {
  readonly result: T;
  /** The subvolume that the streams of the catalogue make, if it was there when the action had ended. */
  readonly made: SubvolumeFacts | undefined;
  /** What happened to everything else on the host, in the words of `differences`. */
  readonly did: readonly string[];
}

/** Runs `use` with such a host on an empty Btrfs. */
export async function withCatalogueHost<T>(pool: string, use: (host: CatalogueHost) => Promise<T>): Promise<T> {
  return withSealedTree(pool, async (tree) => {
    const into = join(pool, 'in');
    // Should a device node ever come through, nothing can be written to it.
    await runner.run(['mount', '-o', 'remount,nosuid,nodev', pool]);
    await mkdir(into, { mode: 0o700 });
    await placeBait(tree, pool);
    const receivePlainly = async (input: Uint8Array) => {
      const { exitCode } = await tree.run(['btrfs', 'receive', '--quiet', '/pool/in'], { input, accept: ANY_EXIT });
      return exitCode;
    };
    for (const stream of [PARENT_STREAM, FOREIGN_STREAM]) {
      if ((await receivePlainly(stream)) !== 0) throw new Error('btrfs receive refuses what the host is made of');
    }
    const first = await listed(tree, pool);
    const firstNames = await namesIn([tree.root, pool, into]);
    const watch = async <T>(action: () => Promise<T>) => {
      const result = await action();
      const made = await findSubvolume(runner, join(into, NAME));
      // What was made is not listed: a hostile stream makes files of an exbibyte.
      if (made !== undefined) await remove(made.path);
      return { result, made, did: await lookAndUndo() };
    };
    /** What happened since the host was as it was at first, which it is again. */
    const lookAndUndo = async () => {
      const did = differences(first, await listed(tree, pool));
      if (did.length === 0) return did;
      await removeWhatCame(firstNames);
      await placeBait(tree, pool);
      const left = differences(first, await listed(tree, pool));
      if (left.length > 0) throw new Error(`this could not be undone: ${left.join(', ')}`);
      return did;
    };
    return use({ into, receivePlainly, watch });
  });
}

/** A receive that is led astray may end in any way. */
const ANY_EXIT = Array.from({ length: 256 }, (_, code) => code);

/** What the streams are after: `/sentinel`, and on the pool, where it can be cloned, `/pool/secret`. */
async function placeBait(tree: SealedTree, pool: string): Promise<void> {
  await chmod(join(pool, 'in'), 0o700);
  for (const directory of [join(tree.root, 'sentinel'), join(pool, 'secret')]) {
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'directory'), { recursive: true });
    const file = join(directory, 'file');
    await writeFile(file, Buffer.alloc(8192, 'secret'));
    await chmod(file, 0o600);
    await runner.capture(['setfattr', '-n', 'user.colour', '-v', 'blue', file]);
    await utimes(file, 1_900_000_000, 1_900_000_000);
  }
}

/** The whole host but its programs. */
async function listed(tree: SealedTree, pool: string): Promise<FullListing> {
  // The pool is mounted in it for those only who are sealed in.
  const root = await fullListing(tree.root, '/');
  return new Map([...root, ...(await fullListing(pool, '/pool')), ...(await subvolumesOf(pool))]);
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

async function namesIn(directories: readonly string[]): Promise<Names> {
  const names = new Map<string, Set<string>>();
  for (const directory of directories) names.set(directory, new Set(await readdir(directory)));
  return names;
}

/** Removes what was not there at first. All of it is the test's own, in its temporary directory or on its device. */
async function removeWhatCame(first: Names): Promise<void> {
  for (const [directory, names] of first) {
    for (const name of await readdir(directory)) if (!names.has(name)) await remove(join(directory, name));
  }
}

async function remove(path: string): Promise<void> {
  const { ino } = await lstat(path, { bigint: true });
  const isSubvolume = ino === SUBVOLUME_ROOT_INODE && (await findSubvolume(runner, path)) !== undefined;
  if (isSubvolume) await runner.run(['btrfs', 'subvolume', 'delete', path]);
  else await rm(path, { recursive: true });
}
