import { CHANNEL_FORMAT_VERSION } from './channel.ts';
import { renderTime } from './document-time.ts';
import { ReleaseError } from './error.ts';
import type { AnnouncedKey, KeysDocument, WithdrawnKey } from './keys-document.ts';

/** What every new keys document says. */
export interface KeysIssue {
  readonly now: Date;
  /** Why there is a new document: one line. */
  readonly reason: string;
  /** Default: that of the document before, 1 for the first. */
  readonly threshold?: number | undefined;
}

/** How the keys change. A change of nothing is allowed: it makes room for a new epoch. */
export interface KeysChange extends KeysIssue {
  readonly add?: readonly AnnouncedKey[] | undefined;
  /** Fingerprints of keys that no longer sign, with nothing held against them. */
  readonly retire?: readonly string[] | undefined;
  /** Keys that never count again. They may be unknown: a key of an earlier document can still be withdrawn. */
  readonly withdraw?: readonly WithdrawnKey[] | undefined;
}

/** The first keys document of an application: the keys that sign now. */
export function openKeys(
  { application, keys }: { readonly application: string; readonly keys: readonly AnnouncedKey[] },
  { now, reason, threshold = 1 }: KeysIssue,
): KeysDocument {
  const issued = renderTime(now);
  return {
    formatVersion: CHANNEL_FORMAT_VERSION,
    application,
    number: 1,
    issued,
    reason,
    threshold,
    keys: inOrder(keys),
    withdrawn: [],
  };
}

/**
 * The next keys document. It is to be signed by `previous.threshold` keys of the document before, of which none is
 * withdrawn here, and by `threshold` keys of its own.
 *
 * @throws ReleaseError `RELEASE_KEYS_CONFLICT`, `RELEASE_CLOCK_BEHIND`
 */
export function rotateKeys(previous: KeysDocument, change: KeysChange): KeysDocument {
  const { now, reason, threshold = previous.threshold, add = [], retire = [], withdraw = [] } = change;
  const issued = renderTime(now);
  if (Date.parse(issued) < Date.parse(previous.issued)) {
    throw new ReleaseError(
      'RELEASE_CLOCK_BEHIND',
      `the clock says ${issued}, keys document ${previous.number} was issued at ${previous.issued}`,
      {
        hint: 'Set the clock of this machine.',
      },
    );
  }
  const withdrawn = unite(previous.withdrawn, withdraw);
  const known = new Set(previous.keys.map(({ fingerprint }) => fingerprint));
  const back = add.find(({ fingerprint }) => withdrawn.some((gone) => gone.fingerprint === fingerprint));
  if (back)
    throw conflict(`key ${back.fingerprint} was withdrawn`, 'Make a new key: hosts never believe this one again.');
  const stranger = retire.find((fingerprint) => !known.has(fingerprint));
  if (stranger) throw conflict(`keys document ${previous.number} has no key ${stranger}`, 'Name one that it lists.');

  const gone = new Set([...retire, ...withdrawn.map(({ fingerprint }) => fingerprint)]);
  const keys = unite(previous.keys, add).filter(({ fingerprint }) => !gone.has(fingerprint));
  if (keys.length < threshold) {
    throw conflict(
      `${keys.length} keys would be left, and ${threshold} must sign`,
      'Add a key first, or lower the threshold.',
    );
  }
  return { ...previous, number: previous.number + 1, issued, reason, threshold, keys, withdrawn };
}

/** The later list's entry counts: a key that is added again may have a new expiry. */
function unite<T extends { readonly fingerprint: string }>(before: readonly T[], after: readonly T[]): readonly T[] {
  return inOrder(new Map([...before, ...after].map((entry) => [entry.fingerprint, entry])).values());
}

function inOrder<T extends { readonly fingerprint: string }>(entries: Iterable<T>): readonly T[] {
  return [...entries].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

function conflict(problem: string, hint: string): ReleaseError {
  return new ReleaseError('RELEASE_KEYS_CONFLICT', problem, { hint });
}
