/** How something is, compared with what was recorded of it. */
export type Verdict = 'ok' | 'modified' | 'missing' | 'wrong';

/** One thing that was looked at. */
export interface Check {
  /** What it is about: `v1.3.0`, `deployment 0007`, `/usr/local/bin/op-dbus`. */
  readonly subject: string;
  /** Which side of it: `subvolume`, `manifest`, `content`, `overlay`, `link`, …. */
  readonly aspect: string;
  readonly verdict: Verdict;
  /** What was found and what was expected; `null` when there is nothing to say. */
  readonly says: string | null;
  /** Whether it may be so: all that is `ok`, and files that are the operator's to modify. */
  readonly acceptable: boolean;
}

/** The document of `verify --json`. */
export interface Verification {
  readonly deep: boolean;
  /** Whether everything is acceptable. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** As it should be. */
export function ok(subject: string, aspect: string, says: string | null = null): Check {
  return { subject, aspect, verdict: 'ok', says, acceptable: true };
}

/** Not as it should be. */
export function notOk(verdict: Exclude<Verdict, 'ok'>, subject: string, aspect: string, says: string): Check {
  return { subject, aspect, verdict, says, acceptable: false };
}
