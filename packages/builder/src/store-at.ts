import { openStore, type Store } from '@goldstream/store';
import type { Tools } from './tools.ts';

/** Opens a store: an interrupt ends what is asked of it, and people hear of what is tried again. */
export function storeAt({ io, layout }: Pick<Tools, 'io' | 'layout'>, url: string): Store {
  return openStore(url, layout.application, { signal: io.signal, onRetry: (line) => io.say(line) });
}
