import { readdir, readFile, stat } from 'node:fs/promises';
import type { Sighting, Target } from './sighting.ts';

/** Loop devices whose file lies in a target, by the path that the kernel gives for it (losetup(8), BACK-FILE). */
export async function loopUses(targets: readonly Target[]): Promise<readonly Sighting[]> {
  const devices = (await readdir('/sys/block').catch(() => [])).filter((name) => name.startsWith('loop'));
  const found = await Promise.all(
    devices.map(async (name): Promise<readonly Sighting[]> => {
      // A loop device without a file has no such attribute.
      const file = await readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => undefined);
      if (file === undefined) return [];
      const stats = await stat(file.trimEnd(), { bigint: true }).catch(() => undefined);
      const target = targets.find(({ subvolumeDevice }) => subvolumeDevice === stats?.dev);
      return target === undefined ? [] : [{ target: target.path, use: { kind: 'loop', device: `/dev/${name}` } }];
    }),
  );
  return found.flat();
}
