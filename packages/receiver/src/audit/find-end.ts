import { buffer } from 'node:stream/consumers';
import { digestOf } from './digest-of.ts';
import { lookAtTrail, type TrailPaths } from './look-at-trail.ts';
import { openTrail } from './open-trail.ts';
import { LINE_BYTES_LIMIT } from './render-entry.ts';
import { type AuditHead, NO_HEAD, readStoredHead, type StoredHead } from './trail-head.ts';
import { endOf, verifyTrail } from './verify-trail.ts';

/** What an append finds. */
export type TrailState =
  /** Nothing was ever written. */
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly head: AuditHead }
  /** The last line is there but for its newline. */
  | { readonly kind: 'unended'; readonly head: AuditHead }
  /** An append was cut off behind `head`; `sealed` are its bytes with the newline that ends them. */
  | { readonly kind: 'torn'; readonly head: AuditHead; readonly sealed: Buffer; readonly isEnded: boolean }
  /** It does not end as its head says. `last` is the line to go on from. */
  | {
      readonly kind: 'damaged';
      readonly found: string;
      readonly stored: AuditHead | undefined;
      readonly last: AuditHead;
      readonly isEnded: boolean;
      readonly isThere: boolean;
    };

const NEWLINE = 0x0a;

/** Looks at how a trail ends: at its last line only, as long as that is the one which the stored head names. */
export async function findEnd(paths: TrailPaths): Promise<TrailState> {
  const stored = await readStoredHead(paths.head);
  await using file = await openTrail(paths.trail);
  const isEmpty = file === undefined || file.size === 0;
  if (isEmpty && (stored.kind === 'missing' || (stored.kind === 'head' && stored.head.number === 0))) {
    return { kind: 'none' };
  }
  const tail =
    file === undefined ? Buffer.alloc(0) : await buffer(file.read(Math.max(0, file.size - LINE_BYTES_LIMIT)));
  const expected = stored.kind === 'head' ? lastLineIs(stored.head, tail) : undefined;
  if (expected !== undefined) return expected;

  const { links, trailing, ...rest } = await lookAtTrail(paths);
  const { unfinished, findings } = verifyTrail({ links, trailing, ...rest });
  const isEnded = tail.length === 0 || tail.at(-1) === NEWLINE;
  const head = stored.kind === 'head' ? stored.head : undefined;
  if (head !== undefined && unfinished && findings.length === 0 && file !== undefined && trailing !== undefined) {
    const torn = await buffer(file.read(file.size - trailing.bytes));
    const sealed = isEnded ? torn : Buffer.concat([torn, Uint8Array.of(NEWLINE)]);
    return { kind: 'torn', head: endOf(head, links), sealed, isEnded };
  }
  return {
    kind: 'damaged',
    found: (findings[0]?.says ?? 'an append that was not announced').slice(0, 300),
    stored: head && { number: head.number, sha256: head.sha256 },
    last: links.at(-1) ?? head ?? NO_HEAD,
    isEnded,
    isThere: file !== undefined,
  };
}

function lastLineIs({ number, sha256, next }: StoredHead, tail: Buffer): TrailState | undefined {
  const begin = tail.lastIndexOf(NEWLINE, -2) + 1;
  const last = tail.subarray(begin);
  const digest = digestOf(last);
  if (digest === sha256) return { kind: 'whole', head: { number, sha256 } };
  if (next === undefined) return undefined;
  const head = { number: number + 1, sha256: next };
  if (digest === next) return { kind: 'whole', head };
  return digestOf(last, '\n') === next ? { kind: 'unended', head } : undefined;
}
