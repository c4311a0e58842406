import { directoryStore } from './directory/directory-store.ts';
import { parseStoreUrl } from './parse-store-url.ts';
import type { Store, StoreOptions } from './store.ts';
import { webStore } from './web/web-store.ts';

/**
 * The store of `application` that `url` names. Nothing is looked at before the first question.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`
 */
export function openStore(url: string, application: string, options: StoreOptions = {}): Store {
  const name = parseStoreUrl(url);
  return name.kind === 'dir' ? directoryStore(name.path, application) : webStore(name.base, application, options);
}
