import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';

/**
 * The keys that a person named: on the command line, else in golden.yaml. Not asked there when keys were given for
 * this run, and none where the application is named without a recipe.
 */
export function wantedKeys(tools: Pick<Tools, 'recipe' | 'keysAreGiven'>, named: readonly string[]): readonly string[] {
  if (named.length > 0 || tools.keysAreGiven) return named;
  try {
    return tools.recipe.golden.release.keys;
  } catch (error) {
    if (error instanceof BuilderError && error.code === 'BUILDER_NO_RECIPE') return [];
    throw error;
  }
}
