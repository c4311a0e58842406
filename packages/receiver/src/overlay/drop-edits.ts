import { chmod, chown, rm } from 'node:fs/promises';
import { type Runner, syncFilesystem, writeXattrs } from '@goldstream/system';
import { joinPath, pathFromText, pathToBuffer } from '@goldstream/tree';
import type { Drop } from './drop.ts';

/**
 * Takes things out of a writable layer, durably. It must not be mounted: the kernel leaves open what a mount shows
 * whose layers are changed beneath it.
 * @param upper absolute path
 * @see the kernel's documentation, overlayfs, “Changes to underlying filesystems”
 */
export async function dropEdits(runner: Runner, upper: string, drops: readonly Drop[]): Promise<void> {
  if (drops.length === 0) return;
  const root = pathFromText(upper);
  for (const drop of drops) {
    const at = joinPath(root, drop.path);
    if (drop.kind === 'remove') await rm(pathToBuffer(at), { recursive: true, force: true });
    else if (drop.kind === 'reveal') {
      await writeXattrs(runner, [{ path: at, set: new Map(), remove: ['trusted.overlay.opaque'] }]);
    } else {
      await chown(pathToBuffer(at), drop.to.uid, drop.to.gid);
      await chmod(pathToBuffer(at), drop.to.mode);
    }
  }
  await syncFilesystem(runner, upper);
}
