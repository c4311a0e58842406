import { type Category, CodedError } from './coded-error.ts';

/** What may be said beside code and message. */
export interface ErrorExtras {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The base of a package's own error class: the package declares its codes and their categories as one table,
 * and the class does the rest.
 *
 * @example
 * const CATEGORY_OF = { STORE_MISSING: 'store' } as const satisfies Record<string, Category>;
 * export class StoreError extends errorsOf(CATEGORY_OF) {}
 * throw new StoreError('STORE_MISSING', 'dir:/srv/releases does not exist', { hint: 'Create it.' });
 */
export function errorsOf<const Table extends Record<string, Category>>(categoryOf: Table) {
  return class extends CodedError<keyof Table & string> {
    constructor(code: keyof Table & string, message: string, { hint, cause }: ErrorExtras = {}) {
      // The key is one of the table's own, so the look-up cannot miss.
      super({ code, category: categoryOf[code] as Category, message, hint, cause });
    }
  };
}
