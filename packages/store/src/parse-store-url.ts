import { StoreError } from './error.ts';

/** A store as a person names it. */
export interface StoreUrl {
  readonly kind: 'dir';
  /** Of the directory that holds one directory for each version; may be relative. */
  readonly path: string;
}

/** Stores that are known and not yet spoken to. */
const ANNOUNCED = ['http', 'https', 'github', 'oci'];

const HINT = 'Name a directory: dir:/srv/releases';

/**
 * Reads the name of a store.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`
 */
export function parseStoreUrl(text: string): StoreUrl {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (ANNOUNCED.includes(scheme)) {
    throw new StoreError('STORE_UNSUPPORTED', `${text}: this version reads and writes directories (dir:PATH) only`, {
      hint: HINT,
    });
  }
  if (scheme !== 'dir' || rest === '' || rest.includes('\0')) {
    throw new StoreError('STORE_BAD_URL', `${JSON.stringify(text)} is not the name of a store`, { hint: HINT });
  }
  return { kind: 'dir', path: rest };
}
