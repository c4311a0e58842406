import type { Builder } from './builder.ts';
import type { Inputs } from './inputs.ts';
import { parseReleased, parseReleases, type Released } from './released.ts';

/** What of the inputs decides which commands run. */
export type ReleaseWish = Pick<Inputs, 'version' | 'channel' | 'draft' | 'dryRun'>;

/**
 * From an empty pool to a published release: earlier releases are snapshots again, golden goes on from the newest and
 * becomes what the recipe says, and is frozen, sent, signed and published.
 *
 * A version that an earlier run has published stays what it is: its snapshot comes back, too, and all that is left to do
 * is what that run did not come to.
 *
 * @param store where it is published, and where earlier releases come from
 * @returns undefined when nothing was to be published
 */
export async function release(
  builder: Pick<Builder, 'run'>,
  store: string,
  { version, channel, draft, dryRun }: ReleaseWish,
): Promise<Released | undefined> {
  await builder.run('init');
  const releases = parseReleases(await builder.run('rehydrate', '--before', version, '--from', store));
  if (releases.includes(version)) {
    await builder.run('rehydrate', version, '--from', store);
  } else {
    await builder.run('golden', 'update');
    await builder.run('snapshot', version);
  }
  if (dryRun) {
    await builder.run('release', version, '--to', store, '--dry-run');
    return undefined;
  }
  const released = parseReleased(await builder.run('release', version, '--to', store, ...(draft ? ['--draft'] : [])));
  // A draft is nothing that a channel may name: nobody can get it.
  if (channel !== undefined && !draft) await builder.run('channel', 'set', channel, version, '--to', store);
  return released;
}
