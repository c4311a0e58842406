import { CodedError, chainOf } from '@goldstream/errors';
import { SystemError } from '@goldstream/system';

/** What a disk or a filesystem may say to somebody who writes or reads. */
export type DiskTrouble = 'full' | 'quota' | 'failing' | 'read-only';

/** As errno(3) names them, and as strerror(3) says them in the C locale, which programs run in. */
const SIGNS: readonly (readonly [code: string, said: string, trouble: DiskTrouble])[] = [
  ['EDQUOT', 'Disk quota exceeded', 'quota'],
  ['ENOSPC', 'No space left on device', 'full'],
  ['EROFS', 'Read-only file system', 'read-only'],
  ['EIO', 'Input/output error', 'failing'],
];

/** errno(3), Linux on every architecture that Node runs on. */
const EDQUOT = 122;

/**
 * What the pool's disk said, if that is why something failed. What a store's disk said is not: it has an error of the
 * store above it.
 */
export function diskTroubleOf(failure: unknown): DiskTrouble | undefined {
  const chain = chainOf(failure);
  if (chain.some((link) => link instanceof CodedError && link.category === 'store')) return undefined;
  // The innermost is the cause of all others.
  for (const link of chain.toReversed()) {
    const sign = SIGNS.find(([code, said]) => says(link, code, said));
    if (sign !== undefined) return sign[2];
  }
  return undefined;
}

function says(link: unknown, code: string, said: string): boolean {
  if (!(link instanceof Error)) return false;
  if (link instanceof SystemError) return link.code === 'TOOL_FAILED' && link.message.includes(said);
  // Node's errors of system calls carry the name; libuv has none for EDQUOT, only the number.
  return ('code' in link && link.code === code) || (code === 'EDQUOT' && 'errno' in link && link.errno === -EDQUOT);
}
