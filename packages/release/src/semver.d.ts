/** The two functions of semver 7 that are used here; the package ships no types of its own. */
declare module 'semver' {
  /** The canonical form without `v`, or `null` for what is no semantic version. */
  export function valid(version: string): string | null;
  /** Order by precedence (semver.org, section 11); build metadata is ignored. */
  export function compare(a: string, b: string): -1 | 0 | 1;
}
