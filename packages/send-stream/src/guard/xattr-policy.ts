/**
 * Extended attributes that give nobody more than the file's mode does: the user's own, POSIX ACLs, the SELinux label,
 * and the properties of Btrfs itself. Not among them: `security.capability`, which is a set-uid bit by another name,
 * `trusted.`, which overlayfs obeys, and everything that a kernel may learn to obey later.
 *
 * @param name bytes, without a closing NUL; one that holds a NUL is cut there by `btrfs receive` and never allowed
 */
export function isAllowedXattr(name: Uint8Array): boolean {
  const text = latin1.decode(name);
  if (text.includes('\0')) return false;
  return EXACT.has(text) || PREFIXES.some((prefix) => text.startsWith(prefix) && text.length > prefix.length);
}

const EXACT: ReadonlySet<string> = new Set(['system.posix_acl_access', 'system.posix_acl_default', 'security.selinux']);

const PREFIXES = ['user.', 'btrfs.'];

const latin1 = new TextDecoder('latin1');
