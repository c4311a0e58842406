import type { Command, CommandOf } from '../command.ts';
import type { Entry } from './entry.ts';
import { NameProblem } from './name-problem.ts';
import type { Namespace } from './namespace.ts';
import type { NodeKind } from './node-kind.ts';

/**
 * Does to the names what a command does to the snapshot.
 * @returns what was created, renamed, linked, or lost a name; undefined for commands that change no name
 * @throws NameProblem and leaves the names as they were
 */
export function followCommand(names: Namespace, command: Command): Entry | undefined {
  switch (command.kind) {
    case 'mkfile':
      return names.create(command.path, 'file');
    case 'mkdir':
      return names.create(command.path, 'directory');
    case 'symlink':
      return names.create(command.path, 'symlink');
    case 'mkfifo':
      return names.create(command.path, 'fifo');
    case 'mksock':
      return names.create(command.path, 'socket');
    case 'mknod':
      return names.create(command.path, deviceKind(command));
    case 'rename':
      return names.rename(command.path, command.path_to);
    case 'link':
      return names.link(command.path, command.path_link);
    case 'unlink':
      return names.unlink(command.path);
    case 'rmdir':
      return names.rmdir(command.path);
    default:
      return undefined;
  }
}

/** `mknod` could make any kind of file; `btrfs send` uses it for devices. */
function deviceKind({ mode }: CommandOf<'mknod'>): NodeKind {
  const type = mode & S_IFMT;
  if (type === S_IFCHR) return 'character-device';
  if (type === S_IFBLK) return 'block-device';
  throw new NameProblem('GUARD_WRONG_KIND', `mode ${mode.toString(8)} is no device's`);
}

/** File types in a mode (inode(7)). */
const S_IFMT = 0o170000n;
const S_IFCHR = 0o020000n;
const S_IFBLK = 0o060000n;
