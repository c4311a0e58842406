import { claims } from '@goldstream/component';
import type { InstalledComponent } from './installed-component.ts';

/** One link of a link farm. */
export interface FarmLink {
  /** Relative to the farm: the system target without its first slash. */
  readonly path: string;
  /** Text of the link, relative, into the tree beside the farm. */
  readonly text: string;
}

/**
 * The link farm of a set of components: what stands between a system link, whose text never changes, and the place
 * where this version has the file. `live/0007/links` is beside `live/0007/root`, the `tree`.
 * @example
 * // usr/local/bin/op-dbus → ../../../../root/stage-1-core-dbus/bin/op-dbus
 */
export function planFarm(components: readonly InstalledComponent[], tree = 'root'): readonly FarmLink[] {
  const folderOf = new Map(components.map(({ name, manifest }) => [manifest, name]));
  return [...claims(components.map(({ manifest }) => manifest))].flatMap(([target, { manifest, entry }]) => {
    if (entry.type !== 'symlink' && entry.type !== 'directory') return [];
    const path = target.slice(1);
    const up = '../'.repeat(path.split('/').length);
    return { path, text: `${up}${tree}/${folderOf.get(manifest)}/${entry.path}` };
  });
}
