import { ReleaseError } from './error.ts';
import type { IncrementalStream, ReleaseManifest, StreamEntry } from './manifest.ts';

/** A version that the host has received, known by its received UUID. */
export interface HeldVersion {
  readonly version: string;
  readonly uuid: string;
}

/** Which stream to take, and why, as a sentence for the plan. */
export interface StreamChoice {
  readonly stream: StreamEntry;
  /** To download. */
  readonly bytes: number;
  readonly reason: string;
}

/**
 * Picks the one stream that gets the host to the manifest's version: the smallest incremental on something it holds,
 * else the full stream. The UUID decides, not the version's name. Ways over several streams are another function's
 * business, with this one as its single edge.
 *
 * @throws ReleaseError `RELEASE_NO_STREAM`
 */
export function chooseStream(manifest: ReleaseManifest, held: readonly HeldVersion[]): StreamChoice {
  const uuids = new Set(held.map(({ uuid }) => uuid));
  const incrementals = manifest.streams.filter((stream) => stream.kind === 'incremental');
  const [best] = incrementals
    .filter(({ parent }) => uuids.has(parent.uuid))
    .sort((a, b) => encodedBytes(a) - encodedBytes(b));
  if (best) return choice(best, `incremental from ${best.parent.version}, which this host holds`);

  const full = manifest.streams.find(({ kind }) => kind === 'full');
  if (full) return choice(full, `full stream: ${whyNotIncremental(incrementals)}`);

  throw new ReleaseError(
    'RELEASE_NO_STREAM',
    `${manifest.version} has no full stream, and this host holds none of ${namesOf(incrementals)}`,
    { hint: 'Receive one of these versions first.' },
  );
}

/** Bytes to download for a stream. */
export function encodedBytes(stream: StreamEntry): number {
  return stream.assets.reduce((sum, { bytes }) => sum + bytes, 0);
}

function choice(stream: StreamEntry, reason: string): StreamChoice {
  return { stream, bytes: encodedBytes(stream), reason };
}

function whyNotIncremental(incrementals: readonly IncrementalStream[]): string {
  if (incrementals.length === 0) return 'the release offers no other';
  return `this host holds none of ${namesOf(incrementals)}`;
}

function namesOf(incrementals: readonly IncrementalStream[]): string {
  return incrementals.map(({ parent }) => parent.version).join(', ');
}
