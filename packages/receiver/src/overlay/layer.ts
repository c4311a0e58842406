import { type PathBytes, parentOf } from '@goldstream/tree';
import type { Inodes } from './list-inodes.ts';

/**
 * What a writable layer holds: everything that was written in a deployment since its first version.
 * @see the kernel's documentation, overlayfs, “Upper and Lower” and “whiteouts and opaque directories”
 */
export interface Layer {
  /** Files and directories, without the layer's root and without whiteouts. */
  readonly entries: Inodes;
  /** Where something of the vendor's was deleted: character devices with number 0:0. */
  readonly whiteouts: ReadonlySet<PathBytes>;
  /** Directories that show nothing of the vendor's (`trusted.overlay.opaque=y`): made where one was deleted. */
  readonly opaque: ReadonlySet<PathBytes>;
}

/** Whether nothing of the vendor's shows at `path` and below it, because of what the layer has exactly there. */
export function coversAt({ entries, whiteouts, opaque }: Layer, path: PathBytes): boolean {
  const entry = entries.get(path);
  return whiteouts.has(path) || opaque.has(path) || (entry !== undefined && entry.kind !== 'directory');
}

/** The path, or the nearest directory above it, at which the layer covers it whole; undefined: the vendor's shows. */
export function coverOf(layer: Layer, path: PathBytes): PathBytes | undefined {
  for (let at: PathBytes | undefined = path; at !== undefined; at = parentOf(at)) {
    if (coversAt(layer, at)) return at;
  }
  return undefined;
}

/** Every path at which the layer has anything, sorted bytewise. */
export function pathsOf({ entries, whiteouts }: Layer): readonly PathBytes[] {
  return [...entries.keys(), ...whiteouts].sort();
}
