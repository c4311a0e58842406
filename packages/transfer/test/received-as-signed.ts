import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CHUNK_BYTES, FORMAT_VERSION, type ReleaseManifest, type StreamEntry } from '@goldstream/release';
import { systemRunner as runner } from '@goldstream/system';
import type { Quirk } from '../../../fixtures/send-stream/malformed/quirk.ts';
import { NAME, PARENT_NAME, PARENT_UUID, TRANSID, UUID } from '../../../fixtures/send-stream/malformed/world.ts';
import { receiveBytes } from '../src/index.ts';

/** A stream, and what its manifest says of it. */
export interface SignedStream extends Pick<Quirk, 'kind' | 'stream' | 'announced'> {
  /** The bytes whose digest was signed; default: the stream itself, whatever it is. */
  readonly signed?: Uint8Array;
}

/** How the pipeline ended. */
export type Ending = 'received' | { readonly code: unknown; readonly category: unknown };

/**
 * Sends a stream of the catalogue's host down the pipeline: guard, then `btrfs receive --chroot`. Its manifest was signed
 * by somebody who means harm: all that it says of the stream is so.
 */
export async function receiveAsSigned(signed: SignedStream, into: string): Promise<Ending> {
  const stream = streamEntryOf(signed);
  const parentDirectory = stream.kind === 'full' ? undefined : join(into, PARENT_NAME);
  const request = { manifest: manifestOf(signed, stream), into, what: 'the test', timeout: 60_000 };
  const bytes = (async function* () {
    yield signed.stream;
  })();
  return receiveBytes(runner, { ...request, bytes, streams: [{ stream, parentDirectory }] }).then(
    () => 'received',
    // Whatever was thrown; what has no code shows as such.
    ({ code, category }: { code?: unknown; category?: unknown }) => ({ code, category }),
  );
}

function streamEntryOf({ kind, stream, announced, signed = stream }: SignedStream): StreamEntry {
  const body = {
    protocol: 1,
    encoding: 'zstd' as const,
    rawBytes: announced?.rawBytes ?? signed.length,
    rawSha256: createHash('sha256').update(signed).digest('hex'),
    // Nobody fetches it.
    assets: [],
  };
  return kind === 'full' ? { kind, ...body } : { kind, parent: { version: PARENT_NAME, uuid: PARENT_UUID }, ...body };
}

function manifestOf({ announced }: SignedStream, stream: StreamEntry): ReleaseManifest {
  return {
    formatVersion: FORMAT_VERSION,
    application: 'app',
    version: NAME,
    created: '2026-11-22T03:00:00Z',
    architecture: 'x86_64',
    snapshot: {
      name: NAME,
      uuid: UUID,
      transid: Number(TRANSID),
      bytes: announced?.bytes ?? Number.MAX_SAFE_INTEGER,
      files: announced?.files ?? 1000,
      contentDigest: `sha256:${'0'.repeat(64)}`,
    },
    chunkBytes: CHUNK_BYTES,
    streams: [stream],
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
}
