import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';
import { auditHeadSchema } from '../audit/trail-head.ts';

const version = z.custom<Version>((value) => typeof value === 'string' && isVersion(value));
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** What the host durably knows of a version that was received whole. */
export const receivedVersionSchema = z.object({
  status: z.literal('received'),
  version,
  at: time,
  /** UUID of the builder's snapshot, which is the received UUID here. */
  uuid: z.string(),
  /** The builder's transid (`stransid` here). */
  transid: z.int(),
  /** The host's own ctransid right after it was synced; another one later means: changed. */
  hostCtransid: z.int(),
  /** UUID of the subvolume on this host. */
  subvolumeUuid: z.string(),
  /** `full`, `incremental from v1.2.9`, `by hand`. */
  how: z.string(),
  /** Of the signed manifest; absent when the version was accepted with `--allow-unsigned`. */
  manifestSha256: sha256.optional(),
  contentDigest: z.string().optional(),
  signers: z.array(z.string()),
});

/** Permission bits and numeric owner. */
const attributes = { mode: z.int(), uid: z.int(), gid: z.int() };

/** What somebody else had at a target before it was taken over. A file's content is kept in `backup/`, by its digest. */
const originalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link'), text: z.string() }),
  z.object({ kind: z.literal('file'), sha256, ...attributes }),
]);

/** Of everything that is placed; `adopted` is put back when the target is given up. */
const place = { component: z.string(), target: z.string(), adopted: originalSchema.optional() };

/** Something of a deployment that was placed on the system outside the pool. */
export const placedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link'), ...place, text: z.string() }),
  z.object({
    kind: z.enum(['copy', 'unit', 'drop-in', 'dbus']),
    ...place,
    sha256,
    ...attributes,
  }),
  /** `copy-if-not-exists`: `sha256` is what we placed, or absent when something was there already. */
  z.object({
    kind: z.literal('default'),
    ...place,
    sha256: sha256.optional(),
    ...attributes,
  }),
  /** A directory that was missing on the way to a target, or in a tree that is copied. */
  z.object({ kind: z.literal('directory'), ...place }),
]);

/** A numbered deployment. Numbers are never used again, so records stay when a deployment is removed. */
export const deploymentRecordSchema = z.object({
  number: z.int().min(1),
  version,
  /** `staged → good`, or `→ bad`; `removed` when its overlay and mount are gone. On trial: the intent says so. */
  state: z.enum(['staged', 'good', 'bad', 'removed']),
  createdAt: time,
  /** Deployment that was active before this one became so. */
  previous: z.int().optional(),
  /** When it proved good; stays when the deployment is removed. */
  goodSince: time.optional(),
  /** Why the version is not deployed again by itself: it failed, or an operator went back from it. */
  blocked: z.object({ at: time, reason: z.string() }).optional(),
  placed: z.array(placedSchema),
  /** Units that the deployment enabled. */
  enabled: z.array(z.string()),
  /** Units that were enabled by a deployment, and then disabled by an operator. */
  disabled: z.array(z.string()).optional(),
  /** Where the audit trail ended when this was written: a trail that ends before was cut. */
  audit: auditHeadSchema.optional(),
});

export type ReceivedVersion = z.infer<typeof receivedVersionSchema>;
export type Placed = z.infer<typeof placedSchema>;
export type DeploymentRecord = z.infer<typeof deploymentRecordSchema>;
