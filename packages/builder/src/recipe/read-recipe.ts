import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Golden, parseGolden } from '@goldstream/component';
import { isApplicationName } from '@goldstream/release';
import { BuilderError } from '../error.ts';

/** A recipe and where it lies. */
export interface Recipe {
  /** Absolute path of the folder that holds golden.yaml. */
  readonly folder: string;
  readonly golden: Golden;
}

/**
 * Reads `DIRECTORY/golden.yaml`.
 * @throws BuilderError `BUILDER_NO_RECIPE`, `BUILDER_BAD_APPLICATION`; ComponentError with file and line
 */
export function readRecipe(directory: string): Recipe {
  const file = join(directory, 'golden.yaml');
  const golden = parseGolden(readText(file), file);
  if (!isApplicationName(golden.application)) {
    throw new BuilderError(
      'BUILDER_BAD_APPLICATION',
      `${file}: application is ${JSON.stringify(golden.application)}, expected letters, digits and single dashes, a letter first`,
    );
  }
  return { folder: resolve(directory), golden };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new BuilderError('BUILDER_NO_RECIPE', `${file} cannot be read`, {
      cause,
      hint: 'Run this where the folder golden is, or name the recipe: --recipe DIR.',
    });
  }
}
