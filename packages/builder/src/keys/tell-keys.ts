import { describeObjection } from '@goldstream/release';
import type { KeyTrust } from './key-trust.ts';
import type { OwnKeys } from './own-keys.ts';

/** One key, and what it counts for. */
export interface KeyRow {
  readonly fingerprint: string;
  /** Of own keys. */
  readonly userId: string | undefined;
  /** Whether its secret part is here. */
  readonly isOwn: boolean;
  /** `signs`: hosts count it. */
  readonly standing: 'signs' | 'withdrawn' | 'not announced' | 'unusable';
  /** Why it is unusable or withdrawn. */
  readonly reason: string | undefined;
}

/** Who may sign, by the newest keys document of a store. */
export interface KeysAnswer {
  readonly store: string | undefined;
  /** 0: there is no keys document, hosts believe what their operators installed. */
  readonly document: number;
  readonly threshold: number;
  readonly keys: readonly KeyRow[];
}

/** Own keys, those of the newest keys document, and those that were withdrawn. */
export function tellKeys(own: OwnKeys, trust: KeyTrust | undefined, store: string | undefined): KeysAnswer {
  const document = trust?.document;
  const withdrawn = new Map(document?.withdrawn.map(({ fingerprint, reason }) => [fingerprint, reason]));
  const announced = document === undefined ? undefined : new Set(document.keys.map(({ fingerprint }) => fingerprint));
  const mine = new Map(own.keys.map((key) => [key.fingerprint, key]));
  const all = [...new Set([...mine.keys(), ...(announced ?? []), ...withdrawn.keys()])].sort();
  return {
    store,
    document: document?.number ?? 0,
    threshold: document?.threshold ?? 1,
    keys: all.map((fingerprint) => {
      const key = mine.get(fingerprint);
      const reason = withdrawn.get(fingerprint);
      const row = { fingerprint, userId: key?.userId, isOwn: key !== undefined };
      if (reason !== undefined) return { ...row, standing: 'withdrawn', reason };
      if (key?.objection !== undefined) {
        return { ...row, standing: 'unusable', reason: describeObjection({ kind: key.objection, keyId: fingerprint }) };
      }
      const counts = announced === undefined || announced.has(fingerprint);
      return { ...row, standing: counts ? 'signs' : 'not announced', reason: undefined };
    }),
  };
}
