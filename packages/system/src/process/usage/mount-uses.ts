import { stat } from 'node:fs/promises';
import { overlayLayers } from './overlay-layers.ts';
import { isStillSeen, type SeenMount, type SeenMounts } from './seen-mounts.ts';
import type { Sighting, Target } from './sighting.ts';

/** Every mount that shows a part of a target, has it as an overlay's layer, or could have. */
export async function mountUses(targets: readonly Target[], seen: SeenMounts): Promise<readonly Sighting[]> {
  const found = await Promise.all(
    [...seen.byId.values()].map(async (mount): Promise<readonly Sighting[]> => {
      switch (mount.type) {
        case 'btrfs':
          return targets.filter((target) => shows(mount, target)).map((target) => sighting(target, 'mount', mount));
        case 'overlay':
          return overlayUses(mount, targets);
        case 'nsfs':
          return hiddenNamespace(mount, seen);
        default:
          return [];
      }
    }),
  );
  return found.flat();
}

function shows({ device, root }: SeenMount, target: Target): boolean {
  return device === target.device && (root === target.inFilesystem || root.startsWith(`${target.inFilesystem}/`));
}

async function overlayUses(mount: SeenMount, targets: readonly Target[]): Promise<readonly Sighting[]> {
  const layers = await Promise.all(
    overlayLayers(mount.superOptions).map(async (layer) => ({ layer, devices: await devicesOf(layer, mount) })),
  );
  const uses = targets
    .filter(({ subvolumeDevice }) => layers.some(({ devices }) => devices.includes(subvolumeDevice)))
    .map((target) => sighting(target, 'layer', mount));
  const lost = layers.find(({ devices }) => devices.length === 0);
  if (lost === undefined || !(await isStillSeen(mount))) return uses;
  const says = `the overlay on ${mount.mountPoint} (process ${mount.process}) has the layer ${lost.layer}, which cannot be found`;
  return [...uses, { target: 'any', use: { kind: 'unknown', says } }];
}

/** What the text names for the process that sees the mount, and for us. Nothing, when it is relative or gone. */
async function devicesOf(layer: string, { process }: SeenMount): Promise<readonly bigint[]> {
  if (!layer.startsWith('/')) return [];
  const looks = [`/proc/${process}/root${layer}`, layer].map((path) => stat(path, { bigint: true }));
  return (await Promise.allSettled(looks)).flatMap((look) => (look.status === 'fulfilled' ? [look.value.dev] : []));
}

/** A mount namespace that is kept by a bind mount of it and has no process: its mounts are in no mountinfo. */
function hiddenNamespace({ root, mountPoint }: SeenMount, { namespaces }: SeenMounts): readonly Sighting[] {
  if (!root.startsWith('mnt:') || namespaces.has(root)) return [];
  return [
    { target: 'any', use: { kind: 'unknown', says: `${mountPoint} keeps ${root}, which cannot be looked into` } },
  ];
}

function sighting(target: Target, kind: 'mount' | 'layer', { mountPoint, process, own }: SeenMount): Sighting {
  return { target: target.path, use: { kind, mountPoint, process, own } };
}
