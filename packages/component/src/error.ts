import { type Category, type ErrorExtras, errorsOf } from '@goldstream/errors';
import { type Location, renderLocation } from './location.ts';

const CATEGORY_OF = {
  COMPONENT_NOT_YAML: 'input',
  COMPONENT_YAML_LIMIT: 'input',
  COMPONENT_YAML_FEATURE: 'input',
  COMPONENT_DUPLICATE_KEY: 'input',
  COMPONENT_UNKNOWN_KEY: 'input',
  COMPONENT_MISSING_KEY: 'input',
  COMPONENT_BAD_VALUE: 'input',
  COMPONENT_PATH_ESCAPES: 'input',
  COMPONENT_BAD_COMMAND: 'input',
  COMPONENT_NEEDS_SHELL: 'input',
  COMPONENT_TARGET_TWICE: 'input',
  COMPONENT_PERSIST_TWICE: 'input',
  COMPONENT_NAME_TWICE: 'input',
  COMPONENT_DEPENDENCY_MISSING: 'input',
  COMPONENT_DEPENDENCY_CYCLE: 'input',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type ComponentErrorCode = keyof typeof CATEGORY_OF;

/** A recipe, a manifest, or a set of manifests that cannot be used. The message begins with the place. */
export class ComponentError extends errorsOf(CATEGORY_OF) {
  /** Where in which file; undefined for text that is in no file, such as a command given to `splitWords`. */
  readonly at: Location | undefined;

  constructor(code: ComponentErrorCode, at: Location | undefined, problem: string, extras?: ErrorExtras) {
    super(code, at === undefined ? problem : `${renderLocation(at)}: ${problem}`, extras);
    this.at = at;
  }
}
