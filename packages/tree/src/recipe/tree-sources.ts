import { renderLocation, type Source } from '@goldstream/component';
import type { TreeSource } from './source.ts';

/** The sources of a golden.yaml in the words of this package. */
export function treeSources(sources: readonly Source[]): readonly TreeSource[] {
  return sources.map(({ at, ...source }) => ({ ...source, location: renderLocation(at) }));
}
