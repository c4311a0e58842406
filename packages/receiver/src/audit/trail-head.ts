import { readFile } from 'node:fs/promises';
import { writeAtomically, writeDurably } from '@goldstream/system';
import * as z from 'zod';
import { NOTHING_SHA256, sha256 } from './event.ts';

/** The end of a trail: number and line digest of its last entry; 0 and zeros before the first one. */
export const auditHeadSchema = z.object({ number: z.int().min(0), sha256 });

/** The end of a trail. */
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** The end of a trail that has no entry. */
export const NO_HEAD: AuditHead = { number: 0, sha256: NOTHING_SHA256 };

/**
 * What is stored beside the trail. `next` is the digest of the line that is being appended: it is there only while that
 * goes on, so that a line which a power cut left unfinished differs from one that somebody took away.
 */
export const storedHeadSchema = auditHeadSchema.extend({ next: sha256.optional() });

/** What is stored beside the trail. */
export type StoredHead = z.infer<typeof storedHeadSchema>;

/** What the file beside the trail says: a head, nothing because it is missing, or nothing that can be read. */
export type FoundHead =
  | { readonly kind: 'head'; readonly head: StoredHead }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable' };

/** Reads the stored head. What is in the file never makes it fail. */
export async function readStoredHead(path: string): Promise<FoundHead> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { kind: 'missing' };
  try {
    return { kind: 'head', head: storedHeadSchema.parse(JSON.parse(text)) };
  } catch {
    return { kind: 'unreadable' };
  }
}

/** Announces durably that the line `next` is being appended. */
export async function announceNext(path: string, head: AuditHead, next: string): Promise<void> {
  await writeDurably(path, textOf({ number: head.number, sha256: head.sha256, next }), 0o600);
}

/**
 * Stores a head whose line is durable. It need not be durable itself: what announced the line counts it too. It will be
 * with whatever is written durably beside it next, such as an intent.
 */
export async function storeHead(path: string, { number, sha256 }: AuditHead): Promise<void> {
  await writeAtomically(path, textOf({ number, sha256 }), 0o600);
}

function textOf(head: StoredHead): string {
  return `${JSON.stringify(head)}\n`;
}
