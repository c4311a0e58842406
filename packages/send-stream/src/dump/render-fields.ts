import type { CommandOf } from '../command.ts';
import { displayPath, escapedBytes } from '../display-path.ts';
import type { CommandName } from '../protocol.ts';
import { renderTime } from './render-time.ts';
import { joinPath, untilNul } from './text.ts';

/**
 * Whose dump: `classic` is that of btrfs-progs up to 6.9, which prints names and values of xattrs and the source of a
 * clone raw; `escaped` that of 6.10 and later, which escapes them as it does paths.
 */
export type DumpStyle = 'classic' | 'escaped';

/** A command that has a line. */
export type DumpedCommand = { [Kind in DumpedKind]: CommandOf<Kind> }[DumpedKind];
type DumpedKind = Exclude<CommandName, 'end'>;

/**
 * What `btrfs receive --dump` prints after the path (cmds/receive-dump.c), one character a byte; undefined when that is
 * not even a space.
 * @param subvolume what other paths of the stream are prefixed with
 */
export function renderFields(command: DumpedCommand, subvolume: string, style: DumpStyle): string | undefined {
  // TypeScript cannot follow that `command.kind` picks the renderer of exactly this command.
  const render = FIELDS[command.kind] as (
    command: DumpedCommand,
    subvolume: string,
    style: DumpStyle,
  ) => string | undefined;
  return render(command, subvolume, style);
}

const nothing = () => undefined;

const FIELDS: {
  readonly [Kind in DumpedKind]: (command: CommandOf<Kind>, subvolume: string, style: DumpStyle) => string | undefined;
} = {
  subvol: ({ uuid, ctransid }) => `uuid=${uuid} transid=${ctransid}`,
  snapshot: ({ uuid, ctransid, clone_uuid, clone_ctransid }) =>
    `uuid=${uuid} transid=${ctransid} parent_uuid=${clone_uuid} parent_transid=${clone_ctransid}`,
  mkfile: nothing,
  mkdir: nothing,
  mknod: ({ mode, rdev }) => `mode=${mode.toString(8)} dev=0x${rdev.toString(16)}`,
  mkfifo: nothing,
  mksock: nothing,
  symlink: ({ path_link }) => `dest=${escapedBytes(untilNul(path_link))}`,
  rename: ({ path_to }, subvolume) => `dest=${escapedBytes(joinPath(subvolume, untilNul(path_to)))}`,
  link: ({ path_link }) => `dest=${escapedBytes(untilNul(path_link))}`,
  unlink: nothing,
  rmdir: nothing,
  set_xattr: ({ xattr_name, xattr_data }, _, style) =>
    style === 'classic'
      ? `name=${untilNul(xattr_name)} data=${untilNul(xattr_data)} len=${xattr_data.length}`
      : `name=${inStyle(style, untilNul(xattr_name))} ${displayPath(xattr_data)} len=${xattr_data.length}`,
  remove_xattr: ({ xattr_name }, _, style) => `name=${inStyle(style, untilNul(xattr_name))}`,
  write: ({ file_offset, data }) => `offset=${file_offset} len=${lengthOf(data)}`,
  clone: ({ file_offset, clone_len, clone_path, clone_offset }, subvolume, style) =>
    `offset=${file_offset} len=${clone_len} from=${inStyle(style, joinPath(subvolume, untilNul(clone_path)))} ` +
    `clone_offset=${clone_offset}`,
  truncate: ({ size }) => `size=${size}`,
  chmod: ({ mode }) => `mode=${mode.toString(8)}`,
  chown: ({ uid, gid }) => `gid=${gid} uid=${uid}`,
  utimes: ({ atime, mtime, ctime }) =>
    `atime=${renderTime(atime)} mtime=${renderTime(mtime)} ctime=${renderTime(ctime)}`,
  update_extent: ({ file_offset, size }) => `offset=${file_offset} len=${size}`,
  // The tool's mode is a signed int.
  fallocate: ({ fallocate_mode, file_offset, size }) => `mode=${fallocate_mode | 0} offset=${file_offset} len=${size}`,
  // Decimal behind 0x: so it is printed.
  fileattr: ({ fileattr }) => `fileattr=0x${fileattr}`,
  encoded_write: (command, _, style) =>
    [
      `offset=${command.file_offset} len=${lengthOf(command.data)}`,
      `unencoded_file_len=${command.unencoded_file_len}`,
      `unencoded_len=${command.unencoded_len}`,
      `unencoded_offset=${command.unencoded_offset}`,
      `compression=${command.compression ?? 0}`,
      `encryption=${command.encryption ?? 0}`,
    ].join(style === 'classic' ? ', ' : ' '),
  enable_verity: ({ verity_algorithm, verity_block_size, verity_salt_data, verity_sig_data }) =>
    `algorithm=${verity_algorithm} block_size=${verity_block_size} ` +
    `salt_len=${verity_salt_data.length} sig_len=${verity_sig_data.length}`,
};

function inStyle(style: DumpStyle, text: string): string {
  return style === 'classic' ? text : escapedBytes(text);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
