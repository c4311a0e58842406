import type { Runner } from '@goldstream/system';
import type { PathBytes } from '../path-bytes.ts';
import type { StoredFile, Tree, TreeEntry, TreeProgress } from '../tree.ts';
import { walkTree } from '../walk/walk-tree.ts';
import { digestOfEntries } from './digest-of-entries.ts';
import { hashFiles } from './hash-files.ts';

/** How a digest is made. */
export interface ContentDigestOptions {
  /** Starts getfattr. */
  readonly runner: Runner;
  readonly onProgress?: (progress: TreeProgress) => void;
  /** Names of extended attributes that the manifest lists beside the usual ones. */
  readonly extraXattrs?: readonly string[];
}

/** What a tree contains, in four values. */
export interface ContentDigest {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** Sum of the sizes of all regular files, hard-linked ones once. */
  readonly bytes: number;
  /** Regular files, hard-linked ones once. */
  readonly files: number;
  /** Paths, the root included. */
  readonly entries: number;
}

/**
 * The content digest: equal for equal trees, on the builder, after `btrfs receive`, and through any reader.
 *
 * It is the SHA-256 of this text. First the line `goldstream content digest 1`, then one line per path, sorted bytewise
 * by the full path, the root included. Lines end with LF, fields are separated by one space:
 *
 * ```
 * PATH directory         MODE UID:GID                 [NAME=HEX …]
 * PATH file              MODE UID:GID SIZE SHA256     [NAME=HEX …]
 * PATH symlink           MODE UID:GID TARGET          [NAME=HEX …]
 * PATH character-device  MODE UID:GID MAJOR:MINOR     [NAME=HEX …]      block-device is alike
 * PATH fifo              MODE UID:GID                 [NAME=HEX …]      socket is alike
 * PATH hard-link FIRST
 * ```
 *
 * - PATH is `.` for the root and `./a/b` below it. In PATH, TARGET, FIRST and NAME every byte that is not visible ASCII,
 *   and `\` and `=`, is written as a backslash and three octal digits. Sorting happens before escaping and without `./`.
 * - MODE is the permission bits with set-uid, set-gid and sticky, four octal digits; always 0777 for a symlink.
 * - UID, GID, SIZE (bytes), MAJOR and MINOR are decimal; SHA256 and HEX are lower-case hex; an empty value is empty.
 * - NAME=HEX are extended attributes sorted bytewise by name: `user.*`, `system.posix_acl_access`,
 *   `system.posix_acl_default`, `security.capability`, `btrfs.*`, and the names that the manifest lists.
 * - A further name of an inode that is no directory has a `hard-link` line with the inode's first path in this order.
 *
 * Times and inode numbers are not part of it. Follows no symlink, and leaves access times of files as they are.
 *
 * @param root absolute path of a directory: a subvolume, a snapshot, or a mount of one
 * @throws TreeError `TREE_NESTED_SUBVOLUME`, `TREE_NESTED_MOUNT`, `TREE_CHANGED_MEANWHILE`, `TREE_UNREADABLE`
 */
export async function contentDigest(
  root: string,
  { runner, onProgress = () => {}, extraXattrs }: ContentDigestOptions,
): Promise<ContentDigest> {
  const tree = await walkTree(root, { runner, extraXattrs });
  const digests = await hashFiles(tree, onProgress);
  const sizes = [...tree.values()].map((entry) => (entry.kind === 'file' ? entry.size : 0));
  return {
    digest: digestOfEntries(hashedEntries(tree, digests)),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    files: digests.size,
    entries: tree.size,
  };
}

function* hashedEntries(
  tree: Tree<StoredFile>,
  digests: ReadonlyMap<PathBytes, string>,
): Generator<readonly [PathBytes, TreeEntry<string>]> {
  for (const [path, entry] of tree) {
    // Every regular file was hashed, or hashing would have failed.
    yield [path, entry.kind === 'file' ? { ...entry, content: digests.get(path) as string } : entry];
  }
}
