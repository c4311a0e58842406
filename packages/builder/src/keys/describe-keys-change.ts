import type { KeysDocument } from '@goldstream/release';

/** Who may sign from now on and who no longer, a line for each key. */
export function describeKeysChange(before: KeysDocument | undefined, after: KeysDocument): string[] {
  const had = new Set(before?.keys.map(({ fingerprint }) => fingerprint));
  const has = new Set(after.keys.map(({ fingerprint }) => fingerprint));
  const wasGone = new Set(before?.withdrawn.map(({ fingerprint }) => fingerprint));
  const gone = after.withdrawn.filter(({ fingerprint }) => !wasGone.has(fingerprint));
  return [
    ...[...has].filter((key) => !had.has(key)).map((key) => `may sign: ${key}`),
    ...[...had]
      .filter((key) => !has.has(key) && !gone.some(({ fingerprint }) => fingerprint === key))
      .map((key) => `retired: ${key}`),
    ...gone.map(({ fingerprint, reason }) => `withdrawn: ${fingerprint} (${reason})`),
    ...(before?.threshold === after.threshold ? [] : [`signatures needed: ${after.threshold}`]),
  ];
}
