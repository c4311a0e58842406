import type { Command, CommandOf } from '../command.ts';
import { refusal } from './refusal.ts';

/** The largest offset of a file: `loff_t` is 64 bits with a sign. */
const LARGEST_OFFSET = 2n ** 63n - 1n;

/**
 * Most that one compressed piece may say it becomes, in bytes: `btrfs receive` makes room for it before it looks. The
 * kernel compresses 128 KiB at a time (`BTRFS_MAX_UNCOMPRESSED`).
 */
const MOST_UNENCODED = 16n * 1024n * 1024n;

/** Largest user and group number. */
const LARGEST_ID = 2n ** 32n - 1n;

/**
 * Bytes of one clone: `btrfs receive` (6.2) reads `clone_len` into a signed 32-bit number. `btrfs send` splits what is
 * longer than an extent, which is at most 128 MiB.
 */
const MOST_CLONED = 2n ** 31n - 1n;

/** `FALLOC_FL_KEEP_SIZE` and `FALLOC_FL_PUNCH_HOLE` of linux/falloc.h. */
const KEEP_SIZE = 1;
const PUNCH_HOLE = 2;

/**
 * What `fallocate` may do: reserve room, or punch a hole, all that send.h means it for. The other modes move, unshare
 * or zero what is there.
 */
const FALLOCATE_MODES: readonly number[] = [0, KEEP_SIZE, PUNCH_HOLE | KEEP_SIZE];

/**
 * Lets numbers pass only when neither they nor their sums leave what the kernel counts in.
 * @returns how far the command makes a file reach, in bytes; undefined when it makes none larger
 */
export function refuseNumbers(command: Command): bigint | undefined {
  if (command.kind === 'encoded_write') refusePiece(command);
  else if (command.kind === 'clone') refuseClone(command);
  else if (command.kind === 'fallocate') refuseMode(command);
  else if (command.kind === 'chown') refuseOwner(command);
  const written = rangeOf(command);
  const end = written === undefined ? undefined : endOf(command, written[0], written[1]);
  // `btrfs send` punches holes up to the end of the parent's file, before it cuts off what is too long.
  return command.kind === 'fallocate' && (command.fallocate_mode & PUNCH_HOLE) !== 0 ? undefined : end;
}

/** What a command writes of its file. */
function rangeOf(command: Command): readonly [start: bigint, length: bigint] | undefined {
  switch (command.kind) {
    case 'write':
      return [command.file_offset, BigInt(lengthOf(command.data))];
    case 'encoded_write':
      return [command.file_offset, command.unencoded_file_len];
    case 'clone':
      return [command.file_offset, command.clone_len];
    case 'fallocate':
      return [command.file_offset, command.size];
    case 'truncate':
      return [command.size, 0n];
    default:
      return undefined;
  }
}

function refusePiece(command: CommandOf<'encoded_write'>): void {
  const { unencoded_file_len, unencoded_len, unencoded_offset } = command;
  if (unencoded_len <= MOST_UNENCODED && unencoded_offset + unencoded_file_len <= unencoded_len) return;
  const problem = `${unencoded_file_len} bytes from ${unencoded_offset} of ${unencoded_len} cannot be in one piece`;
  throw refusal(command, 'GUARD_BAD_NUMBER', problem);
}

function refuseClone(command: CommandOf<'clone'>): void {
  endOf(command, command.clone_offset, command.clone_len);
  if (command.clone_len <= MOST_CLONED) return;
  const problem = `clone_len is ${command.clone_len}, at most ${MOST_CLONED} are allowed in one clone`;
  throw refusal(command, 'GUARD_BAD_NUMBER', problem);
}

function refuseMode(command: CommandOf<'fallocate'>): void {
  if (FALLOCATE_MODES.includes(command.fallocate_mode)) return;
  const problem = `mode ${command.fallocate_mode} is unknown, expected one of: ${FALLOCATE_MODES.join(', ')}`;
  throw refusal(command, 'GUARD_BAD_NUMBER', problem);
}

function refuseOwner(command: CommandOf<'chown'>): void {
  if (command.uid <= LARGEST_ID && command.gid <= LARGEST_ID) return;
  throw refusal(command, 'GUARD_BAD_NUMBER', `${command.uid}:${command.gid} is no owner and group`);
}

function endOf(command: Command, start: bigint, length: bigint): bigint {
  const end = start + length;
  if (end <= LARGEST_OFFSET) return end;
  throw refusal(command, 'GUARD_BAD_NUMBER', `${end} is beyond every file's end (2^63 - 1)`);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
