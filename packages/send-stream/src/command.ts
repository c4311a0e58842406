import type { Attribute } from './attribute.ts';
import type { AttributeValue } from './attribute-value.ts';
import type { AttributeName, CommandName } from './protocol.ts';

/** Where a command stands in the stream, and everything that it was made of. */
export interface CommandFrame {
  /** Of its header, in bytes from the start of the stream. */
  readonly offset: number;
  /** Bytes, header included. */
  readonly length: number;
  /** All attributes, in the order of the stream. */
  readonly attributes: readonly Attribute[];
  /**
   * Those of them that the protocol version does not have, or that this command does not take. `btrfs send` writes
   * none.
   */
  readonly strange: readonly Attribute[];
}

/**
 * The attributes of each command, in the order in which `send.c` writes them; optional is what `btrfs receive` can do
 * without. (`encoded_write` ends with its `data`, whatever is optional.)
 */
export const GRAMMAR = {
  subvol: { required: ['path', 'uuid', 'ctransid'], optional: [] },
  snapshot: { required: ['path', 'uuid', 'ctransid', 'clone_uuid', 'clone_ctransid'], optional: [] },
  mkfile: { required: ['path', 'ino'], optional: [] },
  mkdir: { required: ['path', 'ino'], optional: [] },
  mknod: { required: ['path', 'ino', 'rdev', 'mode'], optional: [] },
  mkfifo: { required: ['path', 'ino'], optional: ['rdev', 'mode'] },
  mksock: { required: ['path', 'ino'], optional: ['rdev', 'mode'] },
  symlink: { required: ['path', 'ino', 'path_link'], optional: [] },
  rename: { required: ['path', 'path_to'], optional: [] },
  link: { required: ['path', 'path_link'], optional: [] },
  unlink: { required: ['path'], optional: [] },
  rmdir: { required: ['path'], optional: [] },
  set_xattr: { required: ['path', 'xattr_name', 'xattr_data'], optional: [] },
  remove_xattr: { required: ['path', 'xattr_name'], optional: [] },
  write: { required: ['path', 'file_offset', 'data'], optional: [] },
  clone: {
    required: ['file_offset', 'clone_len', 'path', 'clone_uuid', 'clone_ctransid', 'clone_path', 'clone_offset'],
    optional: [],
  },
  truncate: { required: ['path', 'size'], optional: [] },
  chmod: { required: ['path', 'mode'], optional: [] },
  chown: { required: ['path', 'uid', 'gid'], optional: [] },
  utimes: { required: ['path', 'atime', 'mtime', 'ctime'], optional: ['otime'] },
  end: { required: [], optional: [] },
  update_extent: { required: ['path', 'file_offset', 'size'], optional: [] },
  fallocate: { required: ['path', 'fallocate_mode', 'file_offset', 'size'], optional: [] },
  fileattr: { required: ['path', 'fileattr'], optional: [] },
  encoded_write: {
    required: ['path', 'file_offset', 'unencoded_file_len', 'unencoded_len', 'unencoded_offset', 'data'],
    optional: ['compression', 'encryption'],
  },
  enable_verity: {
    required: ['path', 'verity_algorithm', 'verity_block_size', 'verity_salt_data', 'verity_sig_data'],
    optional: [],
  },
} as const satisfies Record<CommandName, { required: readonly AttributeName[]; optional: readonly AttributeName[] }>;

type Grammar = typeof GRAMMAR;

/** What one kind of command says: its attributes under their names in send.h. */
export type CommandFields<Kind extends CommandName> = { readonly kind: Kind } & {
  readonly [Name in Grammar[Kind]['required'][number]]: AttributeValue<Name>;
} & { readonly [Name in Grammar[Kind]['optional'][number]]?: AttributeValue<Name> };

/** One kind of command as it was read. */
export type CommandOf<Kind extends CommandName> = CommandFrame & CommandFields<Kind>;

/** A command that the stream's protocol version does not have. */
export interface UnknownCommand extends CommandFrame {
  readonly kind: 'unknown';
  /** Its number. */
  readonly type: number;
}

/** A command that is not in a stream yet. */
export type NewCommand = { [Kind in CommandName]: CommandFields<Kind> }[CommandName];

/** Any command. Byte values are views of the chunks that were read. */
export type Command = { [Kind in CommandName]: CommandOf<Kind> }[CommandName] | UnknownCommand;
