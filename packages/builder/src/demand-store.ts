import { openStore, type Store } from '@goldstream/store';
import { BuilderError } from './error.ts';
import type { Tools } from './tools.ts';

/**
 * The store of `url`, else that of golden.yaml.
 * @throws BuilderError `BUILDER_NO_STORE`; errors of the recipe and of `openStore`
 */
export function demandStore(tools: Tools, url: string | undefined): Store {
  const named = url ?? tools.recipe.golden.release.store;
  if (named === undefined) {
    throw new BuilderError('BUILDER_NO_STORE', 'no store was named, neither on the command line nor in golden.yaml', {
      hint: 'Name one: dir:/srv/releases',
    });
  }
  const { signal } = tools.io;
  const store = openStore(named, tools.layout.application, { signal, onRetry: (line) => tools.io.say(line) });
  if (store.warning !== undefined) tools.io.warn(store.warning);
  return store;
}
