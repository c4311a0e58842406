import { byteText } from '../byte-text.ts';

/** Bytes up to the first NUL, where a string of C ends. */
export function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return byteText(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Two paths as `path_cat_out` of btrfs-progs joins them: one slash between, one at the end of either left out. */
export function joinPath(one: string, other: string): string {
  return `${withoutSlash(one)}/${withoutSlash(other)}`;
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
