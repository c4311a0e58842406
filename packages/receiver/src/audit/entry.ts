import * as z from 'zod';
import { detailsSchema, outcomeSchema, sha256 } from './event.ts';

/** Who it was. The kernel's word for the login survives `sudo` and `su`; `SUDO_UID` is only what the environment says. */
export const actorSchema = z.object({
  uid: z.int().min(0),
  /** /proc/self/loginuid: who logged in, whoever it became since; missing for services. */
  loginUid: z.int().min(0).optional(),
  sudoUid: z.int().min(0).optional(),
});

/** Who it was. */
export type Actor = z.infer<typeof actorSchema>;

/**
 * One line of the trail. Only what the chain and every reader need is demanded here: an outcome, a subject or a field
 * that a later version added is kept as it is.
 */
export const entrySchema = z.looseObject({
  /** 1 for the first line, then one more each. */
  number: z.int().min(1),
  /** SHA-256 of the line before, its newline included; zeros in the first one. */
  previous: sha256,
  time: z.iso.datetime(),
  event: z.string().min(1).max(64),
  subject: z.looseObject({}),
  outcome: z.looseObject({ kind: z.string().max(64) }),
  by: actorSchema,
  /** Version of the program that wrote it. */
  program: z.string().max(64),
  /** /proc/sys/kernel/random/boot_id. */
  boot: z.string().max(64).optional(),
  details: detailsSchema.optional(),
  /** The details were too long for a line and were cut. */
  cut: z.literal(true).optional(),
});

/** One line of the trail, as read. */
export type AuditEntry = z.infer<typeof entrySchema>;

/** Demanded of what this version writes. */
export const writtenEntrySchema = entrySchema.extend({ outcome: outcomeSchema });
