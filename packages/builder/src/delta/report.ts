import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';

const version = z.custom<Version>((value) => typeof value === 'string' && isVersion(value));
const bytes = z.int().min(0);

/**
 * What the delta doctor found out about one incremental stream; docs/formats.md describes it. Paths are text as
 * `pathText` makes it, sizes are bytes of the raw stream.
 */
export const deltaReport = z.object({
  version,
  /** Of the snapshot. */
  uuid: z.string(),
  parent: z.object({ version, uuid: z.string() }),
  /** The whole stream. */
  rawBytes: bytes,
  /** File contents in it. */
  sentBytes: bytes,
  /** Of them: blocks that the parent holds. */
  wastedBytes: bytes,
  /** Whether some moved blocks were not found, because the parent holds more contents than are remembered. */
  isPartial: z.boolean(),
  /** Files for which the stream carries contents. */
  sentFiles: z.int().min(0),
  /** Of them: files of which the parent holds blocks that were sent. */
  wastedFiles: z.int().min(0),
  /** Those with the most wasted bytes, then those with the most sent bytes; not all when there are very many. */
  files: z
    .array(
      z.object({
        path: z.string(),
        manner: z.enum(['rewritten', 'replaced', 'recreated', 'created']),
        before: z.string().optional(),
        size: bytes,
        sentBytes: bytes,
        equalBytes: bytes,
        movedBytes: bytes,
        heldBy: z.string().optional(),
        isUnchanged: z.boolean(),
        compressed: z.string().optional(),
      }),
    )
    .readonly(),
  /** What costs most first. */
  advice: z
    .array(
      z.object({
        cause: z.enum(['rewritten', 'replaced', 'relocated', 'shifted', 'duplicated', 'compressed', 'volatile']),
        files: z.int().min(1),
        bytes,
        examples: z.array(z.string()).readonly(),
        says: z.string(),
        advice: z.string(),
      }),
    )
    .readonly(),
});

/** What the delta doctor found out about one incremental stream. */
export type DeltaReport = z.infer<typeof deltaReport>;
