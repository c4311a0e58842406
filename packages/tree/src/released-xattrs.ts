import type { Xattrs } from '@goldstream/system';

/**
 * Whether a release carries this extended attribute: `user.*`, POSIX ACLs, file capabilities and Btrfs properties.
 * Others (`security.selinux`, `trusted.*`) belong to the machine, unless `extra` names them.
 */
export function isReleasedXattr(name: string, extra: readonly string[] = []): boolean {
  return RELEASED.test(name) || extra.includes(name);
}

const RELEASED = /^(?:user\..*|system\.posix_acl_(?:access|default)|security\.capability|btrfs\..*)$/s;

/** Attributes of a directory that the kernel hands down to what is created in it. */
export const INHERITED_XATTRS: readonly string[] = ['system.posix_acl_default', 'btrfs.compression'];

/** Whether both have the same names with the same values. */
export function sameXattrs(a: Xattrs, b: Xattrs): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
