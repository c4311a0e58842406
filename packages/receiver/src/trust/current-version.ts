import { newest, type Version } from '@goldstream/release';
import type { Store } from '@goldstream/store';
import type { Tools } from '../host/tools.ts';
import { believe } from './belief.ts';

/**
 * What the channel calls current; without a channel, the newest finished release of the store, undefined for an empty one.
 * @throws those of `believe`; StoreError `STORE_NO_LISTING`, `STORE_MISSING`
 */
export async function currentVersion(tools: Tools, store: Store): Promise<Version | undefined> {
  if (tools.config.channel === undefined) return newest(await store.listVersions());
  const { channel } = await believe(tools, store);
  return channel?.channel.current;
}
