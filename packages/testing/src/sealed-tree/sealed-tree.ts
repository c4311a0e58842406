import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, type Ended, type RunOptions, systemRunner } from '@goldstream/system';
import { withTemporaryDirectory } from '../temporary-directory.ts';

/** A throw-away root directory, and a way to run programs that can reach nothing else. */
export interface SealedTree {
  /** The tree as this process sees it: what is `/x` inside is `ROOT/x` here. The pool is mounted inside only. */
  readonly root: string;
  /** Runs a program of the machine's `/usr` inside, see `Runner.run`. The pool is its `/pool`. */
  run(command: Command, options?: RunOptions): Promise<Ended>;
}

/**
 * Runs `use` with a tree for programs that may be led astray, such as a `btrfs receive` that reads a hostile stream as
 * root. Needs root.
 *
 * Each program runs in mount, process, network and IPC namespaces of its own and is pivoted to the tree before it
 * starts; the old root is unmounted there. What it can write to is the tree itself, a temporary directory that is
 * removed afterwards, and `pool`, a loop-mounted Btrfs. `/usr` is there read-only, so is a `/proc` of its own process
 * namespace. Device nodes do not open: every mount is `nodev`. So no path, whatever its `..` and symlinks, names a
 * file of the host that can be changed; only a program that means to break out (and mounts, say) could.
 */
export async function withSealedTree<T>(pool: string, use: (tree: SealedTree) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(async (root) => {
    for (const name of ['usr', 'pool', 'proc', 'left-behind']) await mkdir(join(root, name));
    // The layout of a merged /usr, which every supported distribution has.
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(root, name));
    const enter = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--net', '--ipc'] as const;
    return use({
      root,
      run: (command, options) => systemRunner.run([...enter, 'sh', SCRIPT, root, pool, ...command], options),
    });
  });
}

const SCRIPT = fileURLToPath(new URL('./enter-sealed-tree.sh', import.meta.url));
