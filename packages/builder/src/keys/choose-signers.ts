import { describeObjection, type KeySet } from '@goldstream/release';
import { pickSecretKey } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { OwnKey, OwnKeys } from './own-keys.ts';

/**
 * The keys that sign: those that are named; else every own key that the newest keys document lists; else, where there
 * is no such document, all that were given for this run, or the only one there is.
 *
 * @param wanted fingerprints or user ids
 * @throws BuilderError `BUILDER_KEY_UNUSABLE` for a key that hosts would not count, `BUILDER_TOO_FEW_KEYS`;
 * SystemError `GPG_NO_KEY`
 */
export function chooseSigners(own: OwnKeys, wanted: readonly string[], set: KeySet): readonly OwnKey[] {
  if (wanted.length > 0) return demandEnough(pick(own, wanted, set), own, set);
  if (set.number > 0) {
    const listed = own.keys.filter((key) => whyNot(key, set) === undefined);
    return demandEnough(listed, own, set);
  }
  const all = own.keys.map(({ fingerprint }) => fingerprint);
  const names = own.home === 'given' ? all : [pickSecretKey(own.keys, undefined).fingerprint];
  return demandEnough(pick(own, names, set), own, set);
}

function pick({ keys }: OwnKeys, names: readonly string[], set: KeySet): readonly OwnKey[] {
  const fingerprints = new Set(names.map((name) => pickSecretKey(keys, name).fingerprint));
  const picked = keys.filter(({ fingerprint }) => fingerprints.has(fingerprint));
  const problem = picked.map((key) => whyNot(key, set)).find((reason) => reason !== undefined);
  if (problem === undefined) return picked;
  throw new BuilderError('BUILDER_KEY_UNUSABLE', `${problem}: no host would count its signature`, {
    hint: 'Extend it (gpg --quick-set-expire), or sign with another one: `goldstream-builder keys list` shows which.',
  });
}

function demandEnough(signers: readonly OwnKey[], { keys }: OwnKeys, set: KeySet): readonly OwnKey[] {
  if (signers.length >= set.threshold) return signers;
  const useless = keys.map((key) => whyNot(key, set)).filter((reason) => reason !== undefined);
  const counted = `${set.threshold} keys must sign, ${signers.length} can do so here`;
  throw new BuilderError('BUILDER_TOO_FEW_KEYS', [counted, ...useless].join('; '), {
    hint: 'Name more with --key, bring them into this GnuPG home, or give them with --signing-key.',
  });
}

function whyNot({ fingerprint, objection }: OwnKey, set: KeySet): string | undefined {
  if (objection !== undefined) return describeObjection({ kind: objection, keyId: fingerprint });
  if (set.withdrawn.includes(fingerprint)) return `key ${fingerprint} was withdrawn`;
  if (set.number === 0 || set.keys.includes(fingerprint)) return undefined;
  return `key ${fingerprint} is not in keys document ${set.number}`;
}
