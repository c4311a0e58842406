import type { Plan, Step } from '@goldstream/plan';
import { describeObjection, judgeKeyring } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import type { WithdrawnHere } from '../trust/withdrawn-keys.ts';
import type { GivenKeys, KeysFacts } from './facts.ts';

/** What `keys add` and `keys remove` do. */
export type KeysStep = Step &
  (
    | { readonly kind: 'write-withdrawn'; readonly keys: readonly WithdrawnHere[] }
    | {
        readonly kind: 'write-keyring';
        readonly path: string;
        readonly content: Uint8Array;
        /** Primary fingerprints. */
        readonly added: readonly string[];
        readonly removed: readonly string[];
      }
  );

/**
 * Decides how keys get into the operator's keyring. One that cannot sign releases would be found out at the next one.
 * @throws ReceiverError `TRUST_UNFIT_KEY`
 */
export function planAddKeys(facts: KeysFacts, given: GivenKeys): Plan<KeysStep> {
  const { path, keyring, listed, withdrawn, held, now } = facts;
  const entries = judgeKeyring(given.listed, now);
  const unfit = entries.find(({ objection }) => objection !== undefined);
  if (unfit?.objection !== undefined || entries.length === 0) {
    const problem = unfit?.objection && describeObjection({ kind: unfit.objection, keyId: unfit.fingerprint });
    throw new ReceiverError('TRUST_UNFIT_KEY', problem ?? 'no public key was given', {
      hint: 'Ask the publisher for the key that signs releases now.',
    });
  }
  const fingerprints = entries.map(({ fingerprint }) => fingerprint);
  const known = new Set(listed.map(({ primary }) => primary));
  const fresh = fingerprints.filter((fingerprint) => !known.has(fingerprint));
  const back = withdrawn.filter(({ fingerprint }) => fingerprints.includes(fingerprint));
  const steps: KeysStep[] = [];
  if (fresh.length > 0) {
    steps.push({
      kind: 'write-keyring',
      says: `add ${fresh.join(', ')} to ${path}`,
      path,
      content: Buffer.concat([keyring, given.keyring]),
      added: fresh,
      removed: [],
    });
  }
  if (back.length > 0) {
    steps.push({
      kind: 'write-withdrawn',
      says: `let ${back.map(({ fingerprint }) => fingerprint).join(', ')} count again`,
      keys: withdrawn.filter((key) => !back.includes(key)),
    });
  }
  return { goal: `have ${fingerprints.join(', ')} in ${path}`, notes: chainNotes(held.set.number), steps };
}

/**
 * Decides how a key goes: it is withdrawn first, so that it counts nothing here from that moment, whatever keys
 * documents say.
 * @throws ReceiverError `TRUST_TOO_FEW_KEYS`
 */
export function planRemoveKey(
  facts: KeysFacts,
  {
    fingerprint,
    content,
    force,
  }: { readonly fingerprint: string; readonly content: Uint8Array; readonly force: boolean },
): Plan<KeysStep> {
  const { path, listed, withdrawn, held, threshold, now } = facts;
  const goal = `believe ${fingerprint} no longer`;
  const isWithdrawn = withdrawn.some((key) => key.fingerprint === fingerprint);
  const isListed = listed.some(({ primary }) => primary === fingerprint);
  const left = held.set.keys.filter((key) => key !== fingerprint);
  const needed = Math.max(threshold, held.set.threshold);
  if (left.length < needed && held.set.keys.includes(fingerprint) && !force) {
    throw new ReceiverError('TRUST_TOO_FEW_KEYS', `${left.length} keys would be left, and ${needed} must sign`, {
      hint: 'Add a key first with `goldstream-receiver keys add FILE`; --force removes it all the same.',
    });
  }
  const steps: KeysStep[] = [];
  if (!isWithdrawn) {
    const keys = [...withdrawn, { fingerprint, at: now.toISOString() }];
    steps.push({ kind: 'write-withdrawn', says: `note that ${fingerprint} never counts again here`, keys });
  }
  if (isListed) {
    const says = `take ${fingerprint} out of ${path}`;
    steps.push({ kind: 'write-keyring', says, path, content, added: [], removed: [fingerprint] });
  }
  return { goal, steps };
}

/** The key that a person means by its fingerprint or the end of it. @throws ReceiverError `TRUST_NO_SUCH_KEY` */
export function findKey({ listed, held }: KeysFacts, wanted: string): string {
  const end = wanted.replace(/^0x/i, '').replaceAll(' ', '').toUpperCase();
  const known = new Set([...listed.map(({ primary }) => primary), ...held.set.keys]);
  const [found, ...others] = [...known].filter((fingerprint) => fingerprint.endsWith(end));
  if (found !== undefined && others.length === 0 && /^[0-9A-F]{16,64}$/.test(end)) return found;
  throw new ReceiverError('TRUST_NO_SUCH_KEY', `this host knows no key ${wanted}`, {
    hint: 'Give its fingerprint, or the last 16 digits of it: `goldstream-receiver keys list`.',
  });
}

function chainNotes(number: number): readonly string[] {
  if (number === 0) return [];
  return [`this host follows keys document ${number}: it says who may sign, and the operator's keyring does not`];
}
