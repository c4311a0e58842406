import * as z from 'zod';

const bytes = z.int().min(0);
const stream = {
  rawBytes: bytes,
  assets: z.array(z.object({ name: z.string(), bytes })).readonly(),
};

const released = z.object({
  result: z.object({
    version: z.string(),
    manifestSha256: z.string(),
    /** File with what changed; none in a first release. */
    changes: z.string().optional(),
    /** Where people find it. */
    page: z.object({ id: z.int(), url: z.string() }).optional(),
    streams: z
      .array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('full'), ...stream }),
          z.object({ kind: z.literal('incremental'), parent: z.object({ version: z.string() }), ...stream }),
        ]),
      )
      .readonly(),
    deltas: z
      .array(
        z.object({
          parent: z.object({ version: z.string() }),
          sentBytes: bytes,
          wastedBytes: bytes,
          advice: z.array(z.object({ says: z.string(), advice: z.string() })).readonly(),
        }),
      )
      .readonly(),
  }),
});

const rehydrated = z.object({ result: z.object({ releases: z.array(z.string()).readonly() }) });

/** What `goldstream-builder release` tells of a version that is published. */
export type Released = z.infer<typeof released>['result'];

/** One stream of it. */
export type ReleasedStream = Released['streams'][number];

/** Reads what `goldstream-builder release --json` printed. */
export function parseReleased(printed: unknown): Released {
  return released.parse(printed).result;
}

/** Reads of what `goldstream-builder rehydrate --json` printed which versions are published. */
export function parseReleases(printed: unknown): readonly string[] {
  return rehydrated.parse(printed).result.releases;
}

/** Bytes to download for a stream. */
export function downloadBytes({ assets }: ReleasedStream): number {
  return assets.reduce((sum, asset) => sum + asset.bytes, 0);
}
