import { chmod, chown, lchown, link, mkdir, rmdir, symlink, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { type Runner, writeXattrs } from '@goldstream/system';
import { doAt } from '../os-error.ts';
import { joinPath, type PathBytes, pathFromText, pathToBuffer } from '../path-bytes.ts';
import { patchFile, writeFile } from './file-contents.ts';
import type { TreeStep } from './step.ts';

/**
 * How each step of an update is done. Decides nothing. Needs root, to give files to their owners.
 *
 * Handlers throw TreeError `TREE_CHANGED_MEANWHILE`, `TREE_NO_SPACE`, `TREE_UNWRITABLE`, and SystemError for setfattr.
 * @param root path of the tree that the plan was made for; nobody else may write there meanwhile
 */
export function treeHandlers({ root, runner }: { root: string; runner: Runner }): Handlers<TreeStep> {
  const base = pathFromText(resolve(root));
  /** Hands the absolute path over, and puts what the operating system says against it into a coded error. */
  const at = async (path: PathBytes, action: (target: Buffer, absolute: PathBytes) => Promise<void>) => {
    const absolute = joinPath(base, path);
    await doAt(absolute, () => action(pathToBuffer(absolute), absolute));
  };
  return {
    remove: ({ path, directory }) => at(path, (target) => (directory ? rmdir(target) : unlink(target))),
    'create-directory': ({ path, mode, uid, gid }) =>
      at(path, async (target) => {
        await mkdir(target, 0o700);
        await chown(target, uid, gid);
        await chmod(target, mode);
      }),
    'write-file': ({ path, from, mode, uid, gid }) =>
      at(path, async (target, absolute) => {
        await writeFile(from, absolute);
        await chown(target, uid, gid);
        await chmod(target, mode);
      }),
    'patch-file': ({ path, from, was, ranges }) =>
      at(path, (_, absolute) => patchFile(from, absolute, { was, ranges })),
    'create-symlink': ({ path, target: text, uid, gid }) =>
      at(path, async (target) => {
        await symlink(pathToBuffer(text), target);
        await lchown(target, uid, gid);
      }),
    'create-hard-link': ({ path, to }) => at(path, (target) => link(pathToBuffer(joinPath(base, to)), target)),
    'set-attributes': ({ path, owner, mode }) =>
      at(path, async (target) => {
        if (owner !== undefined) await lchown(target, owner.uid, owner.gid);
        if (mode !== undefined) await chmod(target, mode);
      }),
    'change-xattrs': async ({ changes }) => {
      await writeXattrs(
        runner,
        changes.map(({ path, set, remove }) => ({
          path: joinPath(base, path),
          set: new Map(Object.entries(set)),
          remove,
        })),
      );
    },
  };
}
