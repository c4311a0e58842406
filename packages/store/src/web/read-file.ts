import type { OutgoingHttpHeaders } from 'node:http';
import { StoreError } from '../error.ts';
import type { ByteRange, Bytes } from '../store.ts';
import { type Answer, ask } from './ask.ts';
import { findChange, type Identity, strongValidator } from './identity.ts';
import { type Content, parseContent } from './parse-content.ts';
import { Patience } from './patience.ts';
import { received } from './received.ts';
import type { WebClient } from './send-request.ts';
import { showUrl } from './show-url.ts';
import { Transient } from './transient.ts';

/** What is read, beside its address. */
export interface FileRequest extends ByteRange {
  /** Sent with every request. */
  readonly headers?: OutgoingHttpHeaders;
  /** Sent with every request, and to no other host than the address's. */
  readonly secret?: OutgoingHttpHeaders | undefined;
  /** The error for a file that is not there. */
  readonly missing: () => Promise<StoreError> | StoreError;
}

/**
 * Reads a file from front to back in one request. After a cut it asks for what is left, and goes on only in the same
 * file: the one that it began to read, by ETag, date and size. Never reads on beyond `end`, nor beyond what the server
 * announced.
 *
 * @throws the signal's reason; what `missing` gives; StoreError `STORE_CHANGED`, `STORE_BAD_ANSWER`,
 * `STORE_UNREACHABLE` after several tries in a row, and those of `ask`
 */
export async function* readFile(client: WebClient, url: URL, request: FileRequest): Bytes {
  const { start = 0, end = Number.POSITIVE_INFINITY, headers = {}, secret, missing } = request;
  const patience = new Patience(client);
  let position = start;
  let known: Identity | undefined;

  while (position < end) {
    try {
      const ranged = { ...headers, ...rangeHeaders(position, end, known) };
      const question = { method: 'GET', url, headers: ranged } as const;
      const answer = await ask(client, secret === undefined ? question : { ...question, secret });
      if (answer === undefined) throw await missing();
      using _ = { [Symbol.dispose]: () => answer.response.destroy() };

      const head = { ...answer, headers: answer.response.headers };
      const content = parseContent(head, position, end);
      if (content === undefined) return;
      known = sameFile(known, content.identity, answer.shown);
      for await (const piece of piecesFrom(client, answer, content, position, end)) {
        position += piece.length;
        patience.progress(piece.length);
        yield piece;
      }
      // Without a length, the end is where the server says so; its next answer says whether there is more.
      const { total = content.end === undefined ? position : Number.POSITIVE_INFINITY } = content.identity;
      if (position < Math.min(total, end)) throw new Transient(`ended after ${position} bytes`);
      if (position >= total) return;
    } catch (failure) {
      await patience.afterFailure(failure, showUrl(url));
    }
  }
}

/** Nothing for a file from its start: a plain request is what every server and cache knows best. */
function rangeHeaders(start: number, end: number, known: Identity | undefined): OutgoingHttpHeaders {
  if (start === 0) return {};
  const validator = known && strongValidator(known);
  return {
    range: `bytes=${start}-${Number.isFinite(end) ? end - 1 : ''}`,
    ...(validator === undefined ? {} : { 'if-range': validator }),
  };
}

function sameFile(known: Identity | undefined, now: Identity, shown: string): Identity {
  const change = known && findChange(known, now);
  if (change === undefined) return known ?? now;
  throw new StoreError('STORE_CHANGED', `${shown} was replaced while it was read: ${change}`, {
    hint: 'Run the same command again; if it says so again, tell who runs the server.',
  });
}

/** The bytes from `position` up to `end` of an answer that may begin before (where ranges are not supported). */
async function* piecesFrom(
  client: WebClient,
  { response, shown }: Answer,
  content: Content,
  position: number,
  end: number,
): Bytes {
  let at = content.start;
  for await (const piece of received(client, response, shown)) {
    const begin = at;
    at += piece.length;
    if (content.end !== undefined && at > content.end) {
      throw new StoreError('STORE_BAD_ANSWER', `${shown} sent more than it announced: expected ${content.end} bytes`);
    }
    const wanted = piece.subarray(Math.max(0, position - begin), Math.max(0, end - begin));
    if (wanted.length > 0) yield wanted;
    // Where the answer ends there too, its end is waited for: the connection can then be used again.
    if (at >= end && content.end !== end) return;
  }
}
