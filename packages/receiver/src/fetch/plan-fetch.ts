import { formatBytes } from '@goldstream/cli';
import type { Plan, Step } from '@goldstream/plan';
import { chooseStream, type StreamEntry } from '@goldstream/release';
import type { TrustedRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from '../receive/facts.ts';
import { demandAllowed } from '../receive/guard-policy.ts';

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
  free,
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
  if (bytes > free) {
    throw new ReceiverError(
      'RECEIVE_NO_SPACE',
      `${version} is ${formatBytes(bytes)} (${bytes} bytes) to fetch, free are ${formatBytes(free)} (${free} bytes)`,
      {
        hint: 'Free some with `goldstream-receiver prune`, or make the pool larger.',
      },
    );
  }
  const says = `fetch ${stream.assets.length === 1 ? '1 asset' : `${stream.assets.length} assets`} of ${version} (${formatBytes(bytes)}; ${reason})`;
  return { goal, steps: [{ kind: 'fetch-stream', says, release, stream, from: store, to: host.layout.cache }] };
}
