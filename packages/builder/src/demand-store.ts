import type { Store } from '@goldstream/store';
import { BuilderError } from './error.ts';
import { storeAt } from './store-at.ts';
import type { Tools } from './tools.ts';

/**
 * The store of `url`, else that of golden.yaml.
 * @throws BuilderError `BUILDER_NO_STORE`; errors of the recipe and of `openStore`
 */
export function demandStore(tools: Tools, url: string | undefined): Store {
  const named = url ?? tools.recipe.golden.release.store;
  if (named === undefined) {
    throw new BuilderError('BUILDER_NO_STORE', 'no store was named, neither on the command line nor in golden.yaml', {
      hint: 'Name one: dir:/srv/releases, github:OWNER/REPO',
    });
  }
  const store = storeAt(tools, named);
  if (store.warning !== undefined) tools.io.warn(store.warning);
  return store;
}
