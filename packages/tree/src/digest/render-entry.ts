import type { PathBytes } from '../path-bytes.ts';
import { renderMode } from '../render-mode.ts';
import type { Inode, TreeEntry } from '../tree.ts';

/**
 * One entry as the line of the content digest, with its newline. The format is described at `contentDigest`.
 * @param entry a file's content is its SHA-256 in lower-case hex
 */
export function renderEntry(path: PathBytes, entry: TreeEntry<string>): string {
  const name = path === '' ? '.' : `./${escapeBytes(path)}`;
  if (entry.kind === 'hard-link') return `${name} hard-link ./${escapeBytes(entry.to)}\n`;
  const { kind, mode, uid, gid, xattrs } = entry;
  const attributes = [...xattrs.keys()].sort().map((key) => `${escapeBytes(key)}=${xattrs.get(key)}`);
  const fields = [name, kind, renderMode(mode), `${uid}:${gid}`, ...contentOf(entry), ...attributes];
  return `${fields.join(' ')}\n`;
}

function contentOf(inode: Inode<string>): readonly string[] {
  switch (inode.kind) {
    case 'file':
      return [String(inode.size), inode.content];
    case 'symlink':
      return [escapeBytes(inode.target)];
    case 'character-device':
    case 'block-device':
      return [`${inode.major}:${inode.minor}`];
    case 'directory':
    case 'fifo':
    case 'socket':
      return [];
  }
}

/** Visible ASCII except `\` and `=` stands for itself, every other byte is `\ooo`: no field contains a separator. */
function escapeBytes(bytes: string): string {
  return bytes.replace(/[^\x21-\x7e]|[\\=]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
