import { type PathBytes, parentOf, pathFromText, showPath } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import type { Drop } from './drop.ts';
import { coverOf, type Layer, pathsOf } from './layer.ts';

/**
 * What has to go so that these paths are the vendor's again, with all below them.
 * @param paths relative to the deployment's root, normal
 * @throws ReceiverError `OVERLAY_NO_EDIT` where nothing is other than the vendor's, or only a directory above it is
 */
export function dropsForReset(layer: Layer, paths: readonly string[]): readonly Drop[] {
  const wanted = [...new Set(paths.map(pathFromText))].sort();
  for (const path of wanted) demandEdit(layer, path);
  const isBelowOther = (path: PathBytes) => wanted.some((other) => path.startsWith(`${other}/`));
  return wanted.filter((path) => !isBelowOther(path)).map((path) => ({ kind: 'remove', path }));
}

function demandEdit(layer: Layer, path: PathBytes): void {
  const directory = parentOf(path);
  const cover = directory === undefined ? undefined : coverOf(layer, directory);
  if (cover !== undefined) {
    const what = layer.whiteouts.has(cover) ? 'was deleted' : 'shows nothing of the vendor’s';
    throw new ReceiverError(
      'OVERLAY_NO_EDIT',
      `${showPath(path)} lies in ${showPath(cover)}, which ${what} as a whole`,
      {
        hint: `Reset that: goldstream-receiver overlay reset ${showPath(cover)}`,
      },
    );
  }
  if (pathsOf(layer).some((edited) => edited === path || edited.startsWith(`${path}/`))) return;
  throw new ReceiverError('OVERLAY_NO_EDIT', `${showPath(path)} is as its version has it`, {
    hint: 'See `goldstream-receiver overlay list` for what is not.',
  });
}
