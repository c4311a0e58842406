import { compareVersions, type Version } from '@goldstream/release';

/** Whether kept state can go back with the code. */
export type Return =
  | { readonly kind: 'free' }
  /** `barrier` changed kept state in a way that older versions do not understand. */
  | { readonly kind: 'needs-restore'; readonly barrier: Version };

/**
 * Whether a host may go from one version back to an older one with its kept state as it is. A barrier is a version that
 * migrates state: below the newest one that ran, nothing goes back by itself.
 * @param barriers of the channel or the manifests that this host believes, in any order
 */
export function judgeReturn(
  { from, to }: { readonly from: Version; readonly to: Version },
  barriers: readonly Version[],
): Return {
  const between = barriers.filter((barrier) => isAbove(barrier, to) && !isAbove(barrier, from));
  const [barrier] = between.toSorted((one, other) => compareVersions(other, one));
  return barrier === undefined ? { kind: 'free' } : { kind: 'needs-restore', barrier };
}

function isAbove(one: Version, other: Version): boolean {
  return compareVersions(one, other) > 0;
}
