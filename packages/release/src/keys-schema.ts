import * as z from 'zod';
import { applicationField, formatField, reasonField, risesStrictly, timeField } from './document-fields.ts';
import type { KeysDocument } from './keys-document.ts';

/** Keys that may sign at one time. */
const MAX_KEYS = 32;
/** Keys that were ever withdrawn. */
const MAX_WITHDRAWN = 1000;
/** Base64 digits. gpg cuts the lines of a clear-signed text at 19,995 characters. */
const PUBLIC_KEY_LIMIT = 16_000;

const fingerprint = z
  .string()
  .regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/, 'expected 40 or 64 upper-case hexadecimal digits');
/** One spelling for the same bytes: padded, with no bits left over; `checkAcross` looks at that. */
const publicKey = z
  .string()
  .max(PUBLIC_KEY_LIMIT)
  .regex(/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'expected a key in base64');

const byFingerprint = (a: { fingerprint: string }, b: { fingerprint: string }) => {
  return a.fingerprint < b.fingerprint ? -1 : Number(a.fingerprint > b.fingerprint);
};
const sorted = <T extends z.ZodType<{ fingerprint: string }>>(entry: T, most: number) =>
  z
    .array(entry)
    .max(most)
    .refine((list) => risesStrictly(list, byFingerprint), 'expected fingerprints in order, and none twice');

/** The shape of a keys document. Fields that a later minor version adds are dropped. */
export const keysSchema = z
  .object({
    formatVersion: formatField,
    application: applicationField,
    number: z.int().min(1),
    issued: timeField,
    reason: reasonField,
    threshold: z.int().min(1).max(MAX_KEYS),
    keys: sorted(z.object({ fingerprint, publicKey }), MAX_KEYS).min(1),
    withdrawn: sorted(z.object({ fingerprint, reason: reasonField }), MAX_WITHDRAWN),
  })
  .superRefine(checkAcross);

/** What no single field shows. */
function checkAcross({ threshold, keys, withdrawn }: KeysDocument, context: z.core.$RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (threshold > keys.length) refuse(['threshold'], `expected at most the number of keys, ${keys.length}`);
  const gone = new Set(withdrawn.map(({ fingerprint }) => fingerprint));
  for (const [index, { fingerprint, publicKey }] of keys.entries()) {
    if (gone.has(fingerprint)) refuse(['keys', index], 'is withdrawn too');
    if (Buffer.from(publicKey, 'base64').toString('base64') !== publicKey) {
      refuse(['keys', index, 'publicKey'], 'is not canonical base64');
    }
  }
}
