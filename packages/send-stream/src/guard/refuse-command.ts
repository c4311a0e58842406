import type { Command, CommandOf } from '../command.ts';
import { displayPath } from '../display-path.ts';
import { SendStreamError, type SendStreamErrorCode } from '../error.ts';
import { pathProblem } from '../namespace/path-problem.ts';
import type { CommandName } from '../protocol.ts';
import type { GuardExpectation } from './guard.ts';
import { isAllowedXattr } from './xattr-policy.ts';

/** Lets a command that is not the first pass only when it stays within the subvolume and the policy. */
export function refuseCommand(command: Command, expected: GuardExpectation): void {
  refuseStrangeAttributes(command);
  switch (command.kind) {
    case 'end':
      return;
    case 'unknown':
      throw refusal(
        command,
        'GUARD_UNKNOWN_COMMAND',
        `command ${command.type} is not in the stream's protocol version`,
      );
    case 'subvol':
    case 'snapshot':
      throw refusal(command, 'GUARD_SECOND_SUBVOLUME', 'a second subvolume in one stream');
    case 'mknod':
      throw refusal(command, 'GUARD_DEVICE_NODE', 'device nodes are not allowed');
    case 'update_extent':
      throw refusal(command, 'GUARD_NO_DATA', 'the stream was made with --no-data and lacks file contents');
    case 'rename':
      refusePath(command, 'path_to', command.path_to);
      break;
    case 'link':
      refusePath(command, 'path_link', command.path_link);
      break;
    case 'clone':
      refusePath(command, 'clone_path', command.clone_path);
      refuseCloneSource(command, expected);
      break;
    case 'chmod':
      refuseMode(command);
      break;
    case 'set_xattr':
    case 'remove_xattr':
      refuseXattr(command);
      break;
  }
  // The root of the subvolume has the empty path, and only these commands have business with it.
  if (command.path.length === 0 && ON_ROOT.has(command.kind)) return;
  refusePath(command, 'path', command.path);
}

/** Lets a command pass only when `btrfs receive` ignores nothing of it. */
export function refuseStrangeAttributes(command: Command): void {
  const [strange] = command.strange;
  if (strange === undefined || command.kind === 'unknown') return;
  const { offset, type } = strange;
  throw refusal({ ...command, offset }, 'GUARD_UNKNOWN_ATTRIBUTE', `attribute ${type} does not belong to it`);
}

const ON_ROOT: ReadonlySet<CommandName> = new Set([
  'chmod',
  'chown',
  'utimes',
  'set_xattr',
  'remove_xattr',
  'fileattr',
]);

function refusePath(command: Command, field: string, path: Uint8Array): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw refusal(command, 'GUARD_BAD_PATH', `${field} ${displayPath(path)} ${problem}`);
}

function refuseCloneSource(command: CommandOf<'clone'>, { uuid, parentUuid }: GuardExpectation): void {
  if (command.clone_uuid === uuid || command.clone_uuid === parentUuid) return;
  const allowed =
    parentUuid === undefined ? `this subvolume (${uuid})` : `this subvolume (${uuid}) or the parent (${parentUuid})`;
  throw refusal(command, 'GUARD_FOREIGN_CLONE', `clone_uuid is ${command.clone_uuid}, expected ${allowed}`);
}

/** S_ISUID | S_ISGID. */
const SET_ID = 0o6000n;

function refuseMode(command: CommandOf<'chmod'>): void {
  if ((command.mode & SET_ID) === 0n) return;
  throw refusal(command, 'GUARD_SET_ID_MODE', `mode ${command.mode.toString(8)} sets the set-uid or set-gid bit`);
}

function refuseXattr(command: CommandOf<'set_xattr'> | CommandOf<'remove_xattr'>): void {
  if (isAllowedXattr(command.xattr_name)) return;
  throw refusal(command, 'GUARD_XATTR', `extended attribute ${displayPath(command.xattr_name)} is not allowed`);
}

function refusal(command: Command, code: SendStreamErrorCode, problem: string): SendStreamError {
  const path = 'path' in command ? ` of ${displayPath(command.path)}` : '';
  return new SendStreamError(code, command.offset, `${command.kind}${path}: ${problem}`);
}
