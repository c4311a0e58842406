import type { KeySet, KeysDocument } from '@goldstream/release';
import { BuilderError } from '../error.ts';
import type { OwnKey, OwnKeys } from './own-keys.ts';

/**
 * The keys that sign a keys document: every sound own key of the set before and of its own, when they are enough for
 * both. What it withdraws does not sign.
 *
 * @throws BuilderError `BUILDER_TOO_FEW_KEYS`
 */
export function chooseKeySigners(own: OwnKeys, set: KeySet, document: KeysDocument): readonly OwnKey[] {
  const gone = new Set([...set.withdrawn, ...document.withdrawn.map(({ fingerprint }) => fingerprint)]);
  const sound = own.keys.filter(({ fingerprint, objection }) => objection === undefined && !gone.has(fingerprint));
  const old = sound.filter(({ fingerprint }) => set.keys.includes(fingerprint));
  const fresh = sound.filter(({ fingerprint }) => document.keys.some((key) => key.fingerprint === fingerprint));
  if (old.length < set.threshold || fresh.length < document.threshold) {
    throw new BuilderError(
      'BUILDER_TOO_FEW_KEYS',
      `keys document ${document.number} needs ${set.threshold} of the keys before it and ${document.threshold} of its own, ` +
        `${old.length} and ${fresh.length} can sign here`,
      { hint: 'All of them must be in this GnuPG home (a smart card will do), or be given with --signing-key.' },
    );
  }
  return own.keys.filter((key) => fresh.includes(key) || (old.includes(key) && set.number > 0));
}
