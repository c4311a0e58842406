import { CodedError } from '@goldstream/errors';
import { compareVersions, sortVersions, type Version } from '@goldstream/release';
import type { Store } from '@goldstream/store';
import { fetchTrustedRelease } from '@goldstream/transfer';
import { BuilderError } from '../error.ts';
import { findSnapshot } from '../snapshot/find-snapshot.ts';
import type { Tools } from '../tools.ts';

/** From which releases an incremental is wanted: the last few of the store, or exactly these. */
export type ParentWish =
  | { readonly kind: 'last'; readonly count: number }
  | { readonly kind: 'named'; readonly versions: readonly Version[] };

/** A release that cannot be the parent, and why. */
export interface SkippedParent {
  readonly version: Version;
  readonly reason: string;
}

interface Search {
  readonly version: Version;
  /** Of the store. */
  readonly versions: readonly Version[];
  readonly wish: ParentWish;
  /** Of our own key. */
  readonly keyring: string;
}

/**
 * The releases that hosts can have and whose snapshot is here: the one whose UUID the store's signed manifest names, for
 * only on that a host applies an incremental.
 * @throws BuilderError `BUILDER_PARENT_UNKNOWN` for a parent that was named and cannot be used
 */
export async function findParents(
  tools: Tools,
  store: Store,
  { version, versions, wish, keyring }: Search,
): Promise<{ readonly usable: readonly Version[]; readonly skipped: readonly SkippedParent[] }> {
  const usable: Version[] = [];
  const skipped: SkippedParent[] = [];
  for (const parent of wish.kind === 'named' ? new Set(wish.versions) : lastBefore(version, versions, wish.count)) {
    const reason = versions.includes(parent)
      ? await whyUnusable(tools, store, parent, keyring)
      : `${store.url} has no release ${parent}`;
    if (reason === undefined) usable.push(parent);
    else if (wish.kind === 'last') skipped.push({ version: parent, reason });
    else throw new BuilderError('BUILDER_PARENT_UNKNOWN', `${parent} cannot be the parent of ${version}: ${reason}`);
  }
  return { usable, skipped };
}

/**
 * The releases that a version is sent from, newest first. Later ones are not looked at: nobody goes back from them by an
 * incremental. @param version undefined: the next one, whatever it is called
 */
export function lastBefore(
  version: Version | undefined,
  versions: readonly Version[],
  count: number,
): readonly Version[] {
  const earlier = sortVersions(versions).filter((one) => version === undefined || compareVersions(one, version) < 0);
  return earlier.reverse().slice(0, count);
}

async function whyUnusable(tools: Tools, store: Store, parent: Version, keyring: string): Promise<string | undefined> {
  try {
    const { manifest } = await fetchTrustedRelease(tools.runner, store, parent, { keyring });
    const here = await findSnapshot(tools, parent);
    if (here === undefined) return 'its snapshot is not on this builder (rehydrate gets it)';
    const { uuid } = manifest.snapshot;
    return here.record.uuid === uuid ? undefined : `the store's has UUID ${uuid}, the one here ${here.record.uuid}`;
  } catch (error) {
    if (error instanceof CodedError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
