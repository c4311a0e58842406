import type { RemoveLeftovers } from './step.ts';

/** Removes what was under construction, if anything was. */
export function leftoverSteps(paths: readonly string[]): RemoveLeftovers[] {
  if (paths.length === 0) return [];
  return [{ kind: 'remove-leftovers', says: `remove ${paths.join(', ')}`, paths }];
}
