/**
 * The numbers of the send-stream wire format, protocol 1 to 3, as `fs/btrfs/send.h` of Linux has them. Names are those
 * that `btrfs receive --dump` prints; attributes, which it does not print, carry send.h's names in lower case. Every
 * integer of the format is little-endian.
 */

/** First bytes of every stream: the text and its closing NUL. */
export const MAGIC: Uint8Array = new TextEncoder().encode('btrfs-stream\0');

/** Bytes of the stream header: magic and a 32-bit protocol version. */
export const STREAM_HEADER_LENGTH: number = MAGIC.length + 4;

/** Bytes of a command header: 32-bit payload length, 16-bit command, 32-bit CRC. */
export const COMMAND_HEADER_LENGTH = 10;

/** The newest protocol version this package reads. */
export const NEWEST_VERSION = 3;

/**
 * Longest command in bytes, header included, by protocol version.
 *
 * Protocol 1: 64 KiB, what the kernel promises (`BTRFS_SEND_BUF_SIZE_V1`). From protocol 2 on send.h says that "no
 * limit should be assumed"; the kernel itself never exceeds one compressed extent and its metadata (144 KiB with pages
 * of 4 KiB, 192 KiB with pages of 64 KiB), so 16 MiB leaves room for other writers and still bounds what one command
 * can make a reader hold.
 */
export const LONGEST_COMMAND: Readonly<Record<number, number>> = {
  1: 64 * 1024,
  2: 16 * 1024 * 1024,
  3: 16 * 1024 * 1024,
};

/** `enum btrfs_send_cmd`. */
export const COMMAND = {
  subvol: 1,
  snapshot: 2,
  mkfile: 3,
  mkdir: 4,
  mknod: 5,
  mkfifo: 6,
  mksock: 7,
  symlink: 8,
  rename: 9,
  link: 10,
  unlink: 11,
  rmdir: 12,
  set_xattr: 13,
  remove_xattr: 14,
  write: 15,
  clone: 16,
  truncate: 17,
  chmod: 18,
  chown: 19,
  utimes: 20,
  end: 21,
  update_extent: 22,
  // protocol 2
  fallocate: 23,
  fileattr: 24,
  encoded_write: 25,
  // protocol 3
  enable_verity: 26,
} as const;

/** A command by the name that `btrfs receive --dump` prints. */
export type CommandName = keyof typeof COMMAND;

/** `BTRFS_SEND_A_*`. */
export const ATTRIBUTE = {
  uuid: 1,
  ctransid: 2,
  ino: 3,
  size: 4,
  mode: 5,
  uid: 6,
  gid: 7,
  rdev: 8,
  ctime: 9,
  mtime: 10,
  atime: 11,
  otime: 12,
  xattr_name: 13,
  xattr_data: 14,
  path: 15,
  path_to: 16,
  path_link: 17,
  file_offset: 18,
  /** From protocol 2 on it has no length, comes last and takes what is left of the command. */
  data: 19,
  clone_uuid: 20,
  clone_ctransid: 21,
  clone_path: 22,
  clone_offset: 23,
  clone_len: 24,
  // protocol 2
  fallocate_mode: 25,
  fileattr: 26,
  unencoded_file_len: 27,
  unencoded_len: 28,
  unencoded_offset: 29,
  compression: 30,
  encryption: 31,
  // protocol 3
  verity_algorithm: 32,
  verity_block_size: 33,
  verity_salt_data: 34,
  verity_sig_data: 35,
} as const;

/** An attribute by its name in send.h, in lower case. */
export type AttributeName = keyof typeof ATTRIBUTE;

/** The name of a command that protocol `version` has, or undefined. */
export function commandName(type: number, version: number): CommandName | undefined {
  return type <= (NEWEST_COMMAND[version] ?? 0) ? COMMAND_NAMES.get(type) : undefined;
}

/** The name of an attribute that protocol `version` has, or undefined. */
export function attributeName(type: number, version: number): AttributeName | undefined {
  return type <= (NEWEST_ATTRIBUTE[version] ?? 0) ? ATTRIBUTE_NAMES.get(type) : undefined;
}

/** How an attribute is called in messages: its name, or "attribute 200". */
export function attributeLabel(type: number, version: number): string {
  return attributeName(type, version) ?? `attribute ${type}`;
}

/** `BTRFS_SEND_C_MAX_V1` and its successors. */
const NEWEST_COMMAND: Readonly<Record<number, number>> = {
  1: COMMAND.update_extent,
  2: COMMAND.encoded_write,
  3: COMMAND.enable_verity,
};

/** `BTRFS_SEND_A_MAX_V1` and its successors. */
const NEWEST_ATTRIBUTE: Readonly<Record<number, number>> = {
  1: ATTRIBUTE.clone_len,
  2: ATTRIBUTE.encryption,
  3: ATTRIBUTE.verity_sig_data,
};

// The keys of a constant are exactly its names.
const COMMAND_NAMES = new Map(Object.entries(COMMAND).map(([name, type]) => [type as number, name as CommandName]));
const ATTRIBUTE_NAMES = new Map(
  Object.entries(ATTRIBUTE).map(([name, type]) => [type as number, name as AttributeName]),
);
