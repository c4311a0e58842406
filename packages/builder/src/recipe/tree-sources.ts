import { renderLocation, type Source } from '@goldstream/component';
import type { TreeSource } from '@goldstream/tree';

/** The sources of a golden.yaml in the words of the tree package. */
export function treeSources(sources: readonly Source[]): readonly TreeSource[] {
  return sources.map(({ at, ...source }) => ({ ...source, location: renderLocation(at) }));
}
