import { chmod, chown, lchown, link, mkdir, rmdir, symlink, unlink } from 'node:fs/promises';
import type { Handlers } from '@goldstream/plan';
import { type Runner, writeXattrs } from '@goldstream/system';
import { joinPath, type PathBytes, pathFromText, pathToBuffer } from '../path-bytes.ts';
import { patchFile, writeFile } from './file-contents.ts';
import type { TreeStep } from './step.ts';

/**
 * How each step of an update is done. Decides nothing. Needs root, to give files to their owners.
 * @param root absolute path of the tree that the plan was made for; nobody else may write there meanwhile
 */
export function treeHandlers({ root, runner }: { root: string; runner: Runner }): Handlers<TreeStep> {
  const below = (path: PathBytes) => joinPath(pathFromText(root), path);
  const at = (path: PathBytes) => pathToBuffer(below(path));
  return {
    remove: async ({ path, directory }) => {
      await (directory ? rmdir(at(path)) : unlink(at(path)));
    },
    'create-directory': async ({ path, mode, uid, gid }) => {
      await mkdir(at(path), 0o700);
      await chown(at(path), uid, gid);
      await chmod(at(path), mode);
    },
    'write-file': async ({ path, from, mode, uid, gid }) => {
      await writeFile(from, below(path));
      await chown(at(path), uid, gid);
      await chmod(at(path), mode);
    },
    'patch-file': async ({ path, from, was, ranges }) => {
      await patchFile(from, below(path), { was, ranges });
    },
    'create-symlink': async ({ path, target, uid, gid }) => {
      await symlink(pathToBuffer(target), at(path));
      await lchown(at(path), uid, gid);
    },
    'create-hard-link': async ({ path, to }) => {
      await link(at(to), at(path));
    },
    'set-attributes': async ({ path, owner, mode }) => {
      if (owner !== undefined) await lchown(at(path), owner.uid, owner.gid);
      if (mode !== undefined) await chmod(at(path), mode);
    },
    'change-xattrs': async ({ changes }) => {
      await writeXattrs(
        runner,
        changes.map(({ path, set, remove }) => ({ path: below(path), set: new Map(Object.entries(set)), remove })),
      );
    },
  };
}
