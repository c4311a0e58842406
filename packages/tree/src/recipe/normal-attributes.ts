import type { Inode, StoredFile, TreeEntry } from '../tree.ts';

/**
 * An entry as git would keep it: root:root, 0755 for directories and files that their owner may execute, 0644 for other
 * files, no extended attributes. Hard links stay: they say what the tree is, not who made it.
 */
export function normalAttributes(entry: TreeEntry<StoredFile>): TreeEntry<StoredFile> {
  if (entry.kind === 'hard-link') return entry;
  return { ...entry, mode: normalMode(entry), uid: 0, gid: 0, xattrs: new Map() };
}

function normalMode({ kind, mode }: Inode<StoredFile>): number {
  if (kind === 'symlink') return 0o777;
  return kind === 'directory' || (mode & 0o100) !== 0 ? 0o755 : 0o644;
}
