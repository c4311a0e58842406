import { type Runner, readXattrs } from '@goldstream/system';
import { type PathBytes, pathFromText, ROOT } from '@goldstream/tree';
import type { Layer } from './layer.ts';
import { inodesBelow } from './list-inodes.ts';

const OPAQUE = 'trusted.overlay.opaque';
/** `y` in hex. */
const YES = '79';

/**
 * Reads a writable layer. That may be one that is mounted: reading beneath a mount is allowed, changing is not.
 * @param upper absolute path
 * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING` when its attributes cannot be read
 */
export async function readLayer(runner: Runner, upper: string): Promise<Layer> {
  const root = pathFromText(upper);
  const [found, opaque] = await Promise.all([inodesBelow(root, ROOT), opaqueBelow(runner, upper)]);
  const isWhiteout = (path: PathBytes) => {
    const inode = found.get(path);
    return inode?.kind === 'character-device' && inode.major === 0 && inode.minor === 0;
  };
  return {
    entries: new Map([...found].filter(([path]) => !isWhiteout(path))),
    whiteouts: new Set([...found.keys()].filter(isWhiteout)),
    opaque,
  };
}

async function opaqueBelow(runner: Runner, upper: string): Promise<ReadonlySet<PathBytes>> {
  const skipped = pathFromText(`${upper}/`).length;
  const opaque = new Set<PathBytes>();
  for await (const { path, xattrs } of readXattrs(runner, upper)) {
    // What getfattr printed are bytes, one character each.
    if (xattrs.get(OPAQUE) === YES) opaque.add(path.slice(skipped) as PathBytes);
  }
  return opaque;
}
