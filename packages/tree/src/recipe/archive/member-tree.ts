import { type PathBytes, parentOf, ROOT } from '../../path-bytes.ts';
import type { Inode, StoredFile, Tree, TreeEntry } from '../../tree.ts';
import type { ArchiveSource } from '../source.ts';
import { refuseMember } from './refuse-member.ts';

/** The members of one archive, put together. Nothing is ever written to a place that a member names. */
export class MemberTree {
  readonly #archive: ArchiveSource;
  /** Members of one inode are the same object. */
  readonly #inodes = new Map<PathBytes, Inode<StoredFile>>();

  constructor(archive: ArchiveSource) {
    this.#archive = archive;
  }

  /** @throws TreeError `TREE_TAR_DUPLICATE` */
  add(path: PathBytes, inode: Inode<StoredFile>): void {
    const refuse = refuseMember(this.#archive, path);
    if (this.#inodes.has(path)) refuse('TREE_TAR_DUPLICATE', 'is there twice');
    this.#inodes.set(path, inode);
  }

  /** @throws TreeError `TREE_TAR_BAD_LINK` unless `target` is a file or symlink that came before, `TREE_TAR_DUPLICATE` */
  link(path: PathBytes, target: PathBytes | undefined): void {
    const inode = target === undefined ? undefined : this.#inodes.get(target);
    if (inode === undefined || inode.kind === 'directory') {
      refuseMember(this.#archive, path)('TREE_TAR_BAD_LINK', 'is a hard link to no earlier file of the archive');
    } else {
      this.add(path, inode);
    }
  }

  /** @throws TreeError `TREE_TAR_THROUGH_SYMLINK` when a member lies below one that is no directory */
  finish(): Tree<StoredFile> {
    const tree = new Map<PathBytes, TreeEntry<StoredFile>>();
    const firstPaths = new Map<Inode<StoredFile>, PathBytes>();
    for (const path of [...this.#inodes.keys()].sort()) {
      this.#refuseBelowNonDirectory(path);
      // Every key was taken from the map itself.
      const inode = this.#inodes.get(path) as Inode<StoredFile>;
      const first = firstPaths.get(inode);
      tree.set(path, first === undefined ? inode : { kind: 'hard-link', to: first });
      if (first === undefined) firstPaths.set(inode, path);
    }
    return tree;
  }

  #refuseBelowNonDirectory(path: PathBytes): void {
    for (let above = parentOf(path); above !== undefined && above !== ROOT; above = parentOf(above)) {
      const kind = this.#inodes.get(above)?.kind ?? 'directory';
      if (kind !== 'directory') refuseMember(this.#archive, path)('TREE_TAR_THROUGH_SYMLINK', `is below a ${kind}`);
    }
  }
}
