const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Tells whether an asset may be called so: never a path, never hidden. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}
