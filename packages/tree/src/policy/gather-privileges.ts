import { resolve } from 'node:path';
import { type Runner, readXattrs } from '@goldstream/system';
import { type PathBytes, pathFromText } from '../path-bytes.ts';
import { inodeAt } from '../tree.ts';
import { walkTree } from '../walk/walk-tree.ts';
import type { Privilege } from './privilege.ts';

/** `S_ISUID | S_ISGID`, also of directories. */
const SET_ID = 0o6000;

/**
 * Everything below `root` that a host has to allow, each name of a hard link for itself. Reads no file.
 * @param root absolute path of a directory
 * @param isUsualXattr whether every stream may bring an extended attribute of this name (bytes, one character each)
 * @throws TreeError as `gatherTree`
 */
export async function gatherPrivileges(
  root: string,
  runner: Runner,
  isUsualXattr: (name: string) => boolean,
): Promise<readonly Privilege[]> {
  const found: Privilege[] = [];
  const tree = await walkTree(root, {});
  for (const path of tree.keys()) {
    const inode = inodeAt(tree, path);
    if (inode === undefined) continue;
    if (inode.kind === 'character-device' || inode.kind === 'block-device') found.push({ kind: 'devices', path });
    if ((inode.mode & SET_ID) !== 0) found.push({ kind: 'setuid', path });
  }
  const skipped = pathFromText(`${resolve(root)}/`).length;
  for await (const { path: at, xattrs } of readXattrs(runner, resolve(root))) {
    // A part of bytes is bytes.
    const path = at.slice(skipped) as PathBytes;
    for (const name of xattrs.keys()) {
      if (name === 'security.capability') found.push({ kind: 'capabilities', path });
      else if (!isUsualXattr(name)) found.push({ kind: 'xattrs', path, name });
    }
  }
  return found;
}
