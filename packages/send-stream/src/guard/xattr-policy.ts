import { byteText } from '../byte-text.ts';

/**
 * Extended attributes that give nobody more than the file's mode does: the user's own, POSIX ACLs, the SELinux label,
 * and the properties of Btrfs itself. Not among them: `security.capability`, which is a set-uid bit by another name,
 * `trusted.`, which overlayfs obeys, and everything that a kernel may learn to obey later.
 *
 * @param name bytes
 */
export function isAllowedXattr(name: Uint8Array): boolean {
  const text = byteText(name);
  if (!isXattrName(name)) return false;
  return EXACT.has(text) || PREFIXES.some((prefix) => text.startsWith(prefix) && text.length > prefix.length);
}

/**
 * Whether these bytes are the name of an extended attribute at all (xattr(7)): one that holds a NUL is cut there by
 * `btrfs receive`, and would be another one than it seems.
 */
export function isXattrName(name: Uint8Array): boolean {
  return name.length > 0 && name.length <= LONGEST_NAME && !name.includes(0);
}

/** `XATTR_NAME_MAX` in linux/limits.h. */
const LONGEST_NAME = 255;

const EXACT: ReadonlySet<string> = new Set(['system.posix_acl_access', 'system.posix_acl_default', 'security.selinux']);

const PREFIXES = ['user.', 'btrfs.'];
