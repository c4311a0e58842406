import { createHash } from 'node:crypto';

/** Lower-case hexadecimal SHA-256 of the pieces, one after the other. */
export function digestOf(...pieces: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
