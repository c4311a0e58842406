import {
  type PathBytes,
  pathFromBytes,
  pathToBuffer,
  ROOT,
  type StoredFile,
  type Tree,
  type TreeEntry,
} from '@goldstream/tree';

/**
 * A directory of a tree as a tree of its own. A hard link to a name outside becomes the first name of what it links, and
 * the further ones link that.
 */
export function treeBelow(tree: Tree<StoredFile>, folder: PathBytes): Tree<StoredFile> {
  const prefix = `${folder}/`;
  const below = new Map<PathBytes, TreeEntry<StoredFile>>();
  const firstNames = new Map<PathBytes, PathBytes>();
  for (const [path, entry] of tree) {
    if (path !== folder && !path.startsWith(prefix)) continue;
    const own = path === folder ? ROOT : cut(path, prefix.length);
    if (entry.kind !== 'hard-link') {
      below.set(own, entry);
      continue;
    }
    const first = entry.to.startsWith(prefix) ? cut(entry.to, prefix.length) : firstNames.get(entry.to);
    if (first !== undefined) {
      below.set(own, { kind: 'hard-link', to: first });
      continue;
    }
    firstNames.set(entry.to, own);
    // A hard link names an inode of its own tree.
    below.set(own, tree.get(entry.to) as TreeEntry<StoredFile>);
  }
  return below;
}

function cut(path: PathBytes, length: number): PathBytes {
  return pathFromBytes(pathToBuffer(path).subarray(length));
}
