import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';
import { placedSchema, receivedVersionSchema } from './records.ts';

const version = z.custom<Version>((value) => typeof value === 'string' && isVersion(value));
const number = z.int().min(1);
const time = z.iso.datetime();
const incoming = z.string().regex(/^\.incoming-[0-9a-f]{16}$/);

/**
 * What a host is in the middle of: written durably before the first change and before every change of direction, taken
 * away when all of it is done. `recover/table.ts` says what follows from each kind.
 */
export const intentSchema = z.discriminatedUnion('kind', [
  /** A stream becomes the subvolume `incoming`. */
  z.object({
    kind: z.literal('receiving'),
    version,
    /** Name in `deploy/` under which it is made; drawn for this receive. */
    incoming,
    /** Highest id of all subvolumes before: what was made since has a higher one. */
    newestIdBefore: z.int(),
  }),
  /** What was received is proven: it gets its final name, and this record. */
  z.object({
    kind: z.literal('naming'),
    incoming,
    record: receivedVersionSchema,
    /** The damaged copy whose place it takes, and the name in `deploy/` that that one gets. */
    replaced: z.object({ uuid: z.string(), as: z.string().regex(/^\.damaged-[A-Za-z0-9.-]+$/) }).optional(),
  }),
  /** A deployment is made and mounted beside the active one. */
  z.object({ kind: z.literal('staging'), number }),
  /** `current` goes from one deployment to another, and that one is tried: good ends it. */
  z.object({
    kind: z.literal('switching'),
    /** Undefined: nothing was active. */
    from: number.optional(),
    to: number,
    /** When it was planned: a `goodSince` of `to` that is not earlier is the end of this trial. */
    begun: time,
    /** Units that are stopped for the switch, and run again whatever becomes of it. */
    stops: z.array(z.string()),
    /** How often the host was started with `to` on trial. */
    starts: z.int().min(0),
    /** Why the version that is left is not deployed again by itself; undefined: it is. */
    blocks: z.object({ at: time, reason: z.string() }).optional(),
  }),
  /** The deployment `from` failed its trial; `current` goes back. Its version is blocked from now on. */
  z.object({
    kind: z.literal('returning'),
    from: number,
    /** Undefined: nothing was active before. */
    to: number.optional(),
    stops: z.array(z.string()),
    failed: z.object({ at: time, reason: z.string() }),
  }),
  /** The tree of a stage is exchanged for another: from the first until `.deployed` says that it is done. */
  z.object({
    kind: z.literal('exchanging'),
    /** The stage's name. */
    stage: z.string(),
    /** Numbers of its trees. */
    from: number,
    to: number,
    /** Highest id of all subvolumes before: what was made for this has a higher one. */
    newestIdBefore: z.int(),
    /** Names of snapshots that are made on the way. */
    snapshots: z.array(z.string()),
    /** What is placed, and how units are enabled; none before that is decided. */
    connects: z
      .object({ placed: z.array(placedSchema), enabled: z.array(z.string()), disabled: z.array(z.string()) })
      .optional(),
  }),
  /** Everything that was placed on the system is given up, and nothing is active any more. */
  z.object({
    kind: z.literal('removing'),
    /** What deployments and stages have placed, and how their units are enabled. */
    placed: z.array(placedSchema),
    enabled: z.array(z.string()),
    disabled: z.array(z.string()),
    /** Stages that are deployed, and the numbers of their trees. */
    stages: z.array(z.object({ stage: z.string(), tree: number })),
  }),
  /** What nobody needs is taken away. */
  z.object({
    kind: z.literal('pruning'),
    deployments: z.array(number),
    versions: z.array(z.object({ version, uuid: z.string() })),
  }),
]);

/** What is being done. */
export type Intent = z.infer<typeof intentSchema>;

/** One kind of it. */
export type IntentOf<Kind extends Intent['kind']> = Extract<Intent, { kind: Kind }>;

/** An intent as it is on disk. */
export const pendingIntentSchema = z.object({
  /** When it was written. */
  since: time,
  intent: intentSchema,
});
export type PendingIntent = z.infer<typeof pendingIntentSchema>;
