import { gatherSite } from '../channel/facts.ts';
import { readChannel } from '../channel/read-channel.ts';
import type { Tools } from '../tools.ts';
import { gatherAnnounced } from './announced-keys.ts';
import { chooseSigners } from './choose-signers.ts';
import type { RotateFacts } from './plan-rotate.ts';
import { wantedKeys } from './wanted-keys.ts';

/**
 * Looks at the chain of keys documents, the keys to add, and the channels.
 * @throws errors of `gatherSite`, `gatherAnnounced` and `chooseSigners`
 */
export async function gatherRotate(
  tools: Tools,
  {
    to,
    add,
    channels,
  }: { readonly to: string | undefined; readonly add: readonly string[]; readonly channels: readonly string[] },
): Promise<RotateFacts> {
  const { store, own, trust } = await gatherSite(tools, to);
  const { set, document } = trust;
  const now = tools.clock();
  // The first document lists who signs today, so that nobody is left behind.
  const first = document === undefined ? chooseSigners(own, wantedKeys(tools, []), set) : [];
  const { url: storeUrl, application } = store;
  return {
    storeUrl,
    application,
    own,
    set,
    document,
    add: await gatherAnnounced(tools, [...first.map(({ fingerprint }) => fingerprint), ...add]),
    channels: await Promise.all(
      channels.map(async (name) => {
        return { storeUrl, application, name, now, inStore: await readChannel(tools, store, name, trust) };
      }),
    ),
    now,
  };
}
