import { renderTable } from '@goldstream/cli';
import { assumeNow, describeObjection, judgeKeyring, type ListedKey } from '@goldstream/release';
import type { KeysFacts } from './facts.ts';

/** A key that this host has heard of. */
export interface ListedSigner {
  readonly fingerprint: string;
  /** Where it comes from: the operator's keyring, or a keys document by its number. */
  readonly from: 'operator' | number;
  /** ISO 8601, UTC; `null`: never. */
  readonly expires: string | null;
  /** Whether its signatures count now. */
  readonly counts: boolean;
  /** Why not; `null` when they do. */
  readonly because: string | null;
}

/** The document of `keys list --json`. */
export interface KeysAnswer {
  /** Of the keys document that this host has reached; 0: the operator's keyring counts. */
  readonly number: number;
  readonly threshold: number;
  readonly keys: readonly ListedSigner[];
  /** Fingerprints that count never again. */
  readonly withdrawn: readonly string[];
}

/** What is known of the keys. Pure. */
export function tellKeys(facts: KeysFacts): KeysAnswer {
  const { held, listed, threshold } = facts;
  const { number, withdrawn } = held.set;
  const operators = signersOf(facts, listed, 'operator');
  return {
    number,
    threshold: Math.max(threshold, held.set.threshold),
    keys: number === 0 ? operators : [...signersOf(facts, held.listed, number), ...operators],
    withdrawn,
  };
}

/** The keys as a table. */
export function renderKeys({ number, threshold, keys }: KeysAnswer): string {
  const who = number === 0 ? 'the operator’s keyring counts' : `keys document ${number} counts`;
  return [
    `${who}; ${threshold} must sign\n`,
    renderTable(keys, [
      { title: 'KEY', cell: ({ fingerprint }) => fingerprint },
      { title: 'FROM', cell: ({ from }) => (from === 'operator' ? from : `document ${from}`) },
      { title: 'EXPIRES', cell: ({ expires }) => expires?.slice(0, 10) ?? 'never' },
      { title: '', cell: ({ because }) => because ?? 'counts' },
    ]),
  ].join('\n');
}

function signersOf(
  { held: { set }, now: clock }: KeysFacts,
  listed: readonly ListedKey[],
  from: ListedSigner['from'],
): readonly ListedSigner[] {
  const { now } = assumeNow(clock, undefined);
  return judgeKeyring(listed, now).map(({ fingerprint, objection }) => {
    const expires = listed.find((key) => key.fingerprint === fingerprint)?.expires;
    const because = set.withdrawn.includes(fingerprint)
      ? 'withdrawn'
      : (objection && describeObjection({ kind: objection, keyId: fingerprint })) ||
        (set.keys.includes(fingerprint) ? null : `not in keys document ${set.number}`);
    return {
      fingerprint,
      from,
      expires: expires === undefined ? null : new Date(expires * 1000).toISOString(),
      counts: because === null,
      because,
    };
  });
}
