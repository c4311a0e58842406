import type { GoldenPolicy } from '@goldstream/component';
import { type PathBytes, pathFromText, showPath } from '../path-bytes.ts';

/** Something in a tree that a host has to allow. */
export type Privilege =
  /** A set-uid or set-gid bit, a device node, or `security.capability`. */
  | { readonly kind: 'setuid' | 'devices' | 'capabilities'; readonly path: PathBytes }
  /** An extended attribute beyond the usual ones. */
  | { readonly kind: 'xattrs'; readonly path: PathBytes; readonly name: string };

/** Those that a policy does not list. Every name of a hard link has to be listed: any of them can be run. */
export function unlistedPrivileges(privileges: readonly Privilege[], policy: GoldenPolicy): readonly Privilege[] {
  const paths = {
    setuid: new Set(policy.setuid.map(pathFromText)),
    capabilities: new Set(policy.capabilities.map(pathFromText)),
    devices: new Set(policy.devices.map(pathFromText)),
  };
  const names = new Set(policy.xattrs);
  return privileges.filter((one) => (one.kind === 'xattrs' ? !names.has(one.name) : !paths[one.kind].has(one.path)));
}

/** One of them for a person, with the key of the policy that would list it. */
export function showPrivilege(privilege: Privilege): string {
  const path = showPath(privilege.path);
  switch (privilege.kind) {
    case 'setuid':
      return `${path} has a set-uid or set-gid bit (setuid)`;
    case 'devices':
      return `${path} is a device node (devices)`;
    case 'capabilities':
      return `${path} has file capabilities (capabilities)`;
    case 'xattrs':
      return `${path} has the attribute ${privilege.name} (xattrs)`;
  }
}
