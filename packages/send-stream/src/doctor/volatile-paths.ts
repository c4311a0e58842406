/**
 * Whether a path says of itself that programs write it for themselves: logs, caches, compiled Python, lock and swap
 * files, temporary directories. Path: one character a byte.
 */
export function isVolatile(path: string): boolean {
  return VOLATILE.test(path);
}

const VOLATILE = new RegExp(
  [
    // Files by their ending; rotated logs too.
    String.raw`\.(?:pyc|pyo|log(?:\.\d+)?|swp|pid|tmp)$`,
    // Everything below these directories.
    String.raw`(?:^|/)(?:__pycache__|\.cache|\.npm/_cacache|var/log|var/cache|var/tmp|tmp)/`,
  ].join('|'),
);
