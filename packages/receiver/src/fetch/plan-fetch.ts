import { formatBytes } from '@goldstream/cli';
import type { Plan, Step } from '@goldstream/plan';
import { chooseStream, type StreamEntry } from '@goldstream/release';
import type { TrustedRelease } from '@goldstream/transfer';
import type { ReceiveFacts } from '../receive/facts.ts';
import { demandAllowed } from '../receive/guard-policy.ts';
import { demandSpace } from '../space/demand-space.ts';
import { freeableOf } from '../space/freeable.ts';
import { needOfFiles } from '../space/need.ts';

/** Copies a stream's assets, its manifest and signature into the cache. */
export interface FetchStep extends Step {
  readonly kind: 'fetch-stream';
  readonly release: TrustedRelease;
  readonly stream: StreamEntry;
  /** URL of the store. */
  readonly from: string;
  readonly to: string;
}

/** Decides what is fetched, so that `receive` and `deploy` later need no store. */
export function planFetch({
  host,
  version,
  release,
  noRelease,
  store,
  parents,
  room,
  keep,
  cached,
  subvolume,
  allow,
}: ReceiveFacts): Plan<FetchStep> {
  const goal = `have ${version} in ${host.layout.cache}`;
  if (release === undefined || store === undefined) {
    if (noRelease !== undefined) throw noRelease;
    return { goal, notes: subvolume === undefined ? [] : [`${version} is received already`], steps: [] };
  }
  demandAllowed(release.manifest, allow, host.layout.config);
  const { stream, bytes, reason } = chooseStream(release.manifest, parents);
  if (room !== undefined) {
    const need = needOfFiles(Math.max(0, bytes - bytesHere(cached, stream)));
    demandSpace(room, { what: `fetching ${version}`, pool: host.layout.pool, need }, freeableOf(host, keep, room));
  }
  const says = `fetch ${stream.assets.length === 1 ? '1 asset' : `${stream.assets.length} assets`} of ${version} (${formatBytes(bytes)}; ${reason})`;
  return { goal, steps: [{ kind: 'fetch-stream', says, release, stream, from: store, to: host.layout.cache }] };
}

/** What an earlier fetch has brought, whole or in progress (`.partial`), takes no room again. */
function bytesHere(cached: ReceiveFacts['cached'], { assets }: StreamEntry): number {
  return assets.reduce((sum, { name }) => sum + (cached.get(name) ?? cached.get(`${name}.partial`) ?? 0), 0);
}
