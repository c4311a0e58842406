import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';

/** `sha256` of what comes before the first line, and of a head without any. */
export const NOTHING_SHA256 = '0'.repeat(64);

/** Lower-case hexadecimal SHA-256. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const version = z.custom<Version>((value) => typeof value === 'string' && value.length <= 255 && isVersion(value));
const deployment = z.int().min(1);
/** One line that names something. */
const name = z.string().min(1).max(255);

/** A release, by its version and by what was signed; without the digest it was taken unsigned. */
const release = { version, manifestSha256: sha256.optional() };
const key = { fingerprint: name };
const number = z.int().min(0);

/** What an event is about, by its kind. Bounded, so that a line is never too long without its details. */
const SUBJECTS = {
  /** The first line of every trail: `trail` is drawn at random, `host` an id of the machine for this application alone. */
  genesis: { trail: z.string().regex(/^[0-9a-f]{32}$/), application: name, host: name.optional() },
  /** Bytes between the entry before and this one are an append that was cut off; they are kept, and their digest is here. */
  torn: { bytes: z.int().min(1), sha256 },
  /** The trail did not end as its head said when this was appended. */
  damage: { found: z.string().max(300), head: z.object({ number: z.int().min(0), sha256 }).nullable() },
  prepare: {},
  fetch: release,
  receive: release,
  deploy: { ...release, deployment: deployment.optional() },
  upgrade: { ...release, from: version, deployment: deployment.optional() },
  rollback: { ...release, from: version.optional(), deployment: deployment.optional() },
  /** What was tried failed, and the deployment of before is active again. */
  return: { version, deployment, previous: deployment.optional() },
  /** A command that changed nothing, because something was not trusted or not allowed. */
  refusal: { command: name, version: version.optional(), manifestSha256: sha256.optional() },
  /** An operator went round a check, in one run. */
  override: { option: name, version: version.optional() },
  'key-added': key,
  'key-retired': key,
  'key-removed': key,
  'key-withdrawn': key,
  /** The keys document of this number says who signs from now on. */
  'keys-changed': { number },
  'channel-accepted': { channel: name, epoch: number, sequence: number, sha256 },
  'channel-refused': { channel: name },
  /** A channel's sequence was restarted. */
  'new-epoch': { channel: name.optional(), from: number, to: number },
  /** A signed way back was followed. */
  downgrade: { channel: name.optional(), from: version, version },
  /** The clock was before a time that is proven to have passed, and was not believed. */
  'clock-behind': { clock: name, assumed: name },
  /** One for each version and each deployment that was removed. */
  prune: { version: version.optional(), deployment: deployment.optional() },
  pin: { version },
  unpin: { version },
  mount: { version: version.optional(), manifestSha256: sha256.optional(), deployment: deployment.optional() },
  unmount: { version: version.optional() },
  /** What an interrupted or failed command left was finished or undone. */
  recover: {},
  /** The host was given back: everything that `prepare` and deployments had made on it. */
  remove: {},
  /** A version was received again. */
  repair: { version: version.optional(), manifestSha256: sha256.optional() },
  stage: { component: name },
} as const satisfies Record<string, z.core.$ZodLooseShape>;

type Subjects = typeof SUBJECTS;

/** The kinds of this version of the program. A trail may hold those of later ones. */
export type AuditKind = keyof Subjects;

/** All kinds, in the order of the documentation. */
export const AUDIT_KINDS = Object.keys(SUBJECTS) as AuditKind[]; // Its keys are what the type is made of.

const detail = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** How it ended; `begun` announces what is about to be done, so that an end that never came is seen. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun') }),
  z.object({ kind: z.literal('done') }),
  /** `code` is that of the error, as in docs/errors.md. */
  z.object({ kind: z.literal('failed'), code: name }),
  z.object({ kind: z.literal('refused'), code: name }),
  z.object({ kind: z.literal('interrupted') }),
]);

/** How something ended. */
export type AuditOutcome = z.infer<typeof outcomeSchema>;

/** Further facts for people; cut when they are long. */
export type AuditDetails = Readonly<Record<string, z.infer<typeof detail>>>;

export const detailsSchema = z.record(z.string(), detail);

/** What happened: a kind, what it is about, how it ended. */
export type AuditEvent = {
  [Kind in AuditKind]: {
    readonly event: Kind;
    readonly subject: Readonly<z.infer<z.ZodObject<Subjects[Kind]>>>;
    readonly outcome: AuditOutcome;
    readonly details?: AuditDetails;
  };
}[AuditKind];

/** The schema of a kind's subject; undefined for one that this version does not know. */
export function subjectSchemaOf(event: string): z.ZodType<Readonly<Record<string, unknown>>> | undefined {
  return Object.hasOwn(SUBJECTS, event) ? z.looseObject(SUBJECTS[event as AuditKind]) : undefined; // Just looked up.
}
