import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandIo } from '@goldstream/cli';
import { openStore, type Store } from '@goldstream/store';
import { ReceiverError } from '../error.ts';
import type { Config } from './config.ts';
import type { Layout } from './layout.ts';

/** Opens each store once in a run, with the configured authorities, and the configured one with its token. What a store warns of is said once. */
export function storeOpener(
  { root, application, config: file }: Pick<Layout, 'root' | 'application' | 'config'>,
  { store: own, ca, token }: Pick<Config, 'store' | 'ca' | 'token'>,
  io: Pick<CommandIo, 'say' | 'warn' | 'signal'>,
): (url: string) => Store {
  const opened = new Map<string, Store>();
  return (url) => {
    const known = opened.get(url);
    if (known !== undefined) return known;
    const authorities = ca === undefined ? {} : { ca: [readAuthorities(resolve(root, `.${ca}`), file)] };
    const store = openStore(url, application, {
      signal: io.signal,
      onRetry: (line) => io.say(line),
      ...authorities,
      ...(token === undefined || url !== own ? {} : { tokenFile: resolve(root, `.${token}`) }),
    });
    if (store.warning !== undefined) io.warn(`warning: ${store.warning}`);
    opened.set(url, store);
    return store;
  };
}

/** Read only when a store is asked: what else a host does needs no authority. */
function readAuthorities(path: string, config: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ReceiverError('CONFIG_INVALID', `${path} cannot be read, which ${config} names as ca`, {
      cause,
      hint: 'Put the certificates there, or take `ca:` out of the configuration.',
    });
  }
}
