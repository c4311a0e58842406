import type { IncomingMessage } from 'node:http';
import { StoreError } from '../error.ts';
import { parseRateLimit } from './parse-rate-limit.ts';
import { parseRedirect } from './parse-redirect.ts';
import { parseRetryAfter } from './parse-retry-after.ts';
import { type Question, sendRequest, type WebClient } from './send-request.ts';
import { showUrl } from './show-url.ts';
import { Transient } from './transient.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
const MISSING = [404, 410];
const NOT_ALLOWED = [401, 403, 407];
/** Beside all of 500 and above. */
const PASSING = [408, 425, 429];

/** An answer to be read, or to be destroyed. */
export interface Answer {
  readonly status: number;
  readonly response: IncomingMessage;
  /** Who answered, after redirects, for messages. */
  readonly shown: string;
}

/**
 * Asks a web server and follows its redirects. Each try begins at the first address again: those that redirects lead to
 * may expire. What is secret of the question goes to its own host (and port, and protocol) and to no other.
 *
 * @returns an answer that is about the file, of whatever success; `undefined` when the server does not have it
 * @throws StoreError `STORE_UNAUTHORISED`, `STORE_BAD_REDIRECT`; those of `sendRequest`
 */
export async function ask(client: WebClient, question: Question): Promise<Answer | undefined> {
  const { secret, ...open } = question;
  let { url } = question;
  for (let redirects = 0; ; redirects += 1) {
    const isElsewhere = url.origin !== question.url.origin;
    const sent = isElsewhere ? open : { ...open, headers: { ...open.headers, ...secret } };
    const response = await sendRequest(client, { ...sent, url });
    const { statusCode: status = 0, headers } = response;
    const shown = showUrl(url);
    if (status < 300 || status === 416) return { status, response, shown };

    // Nothing that comes with it is of use, however long it is.
    response.destroy();
    if (MISSING.includes(status)) return undefined;
    if (REDIRECTS.includes(status)) {
      if (redirects === MAX_REDIRECTS) {
        throw new StoreError('STORE_BAD_REDIRECT', `${showUrl(question.url)} redirects more than ${redirects} times`);
      }
      url = parseRedirect(url, headers.location);
    } else {
      const now = client.clock.date();
      const limitMs = parseRateLimit(status, headers, now);
      if (limitMs !== undefined) throw new Transient('has had enough of us', { retryAfterMs: limitMs, isLimit: true });
      const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
      throw refusal(status, retryAfterMs, { shown, isElsewhere, isSecret: secret !== undefined });
    }
  }
}

function refusal(
  status: number,
  retryAfterMs: number,
  { shown, isElsewhere, isSecret }: { shown: string; isElsewhere: boolean; isSecret: boolean },
): Transient | StoreError {
  if (status >= 500 || PASSING.includes(status)) {
    return new Transient(`answered with status ${status}`, { retryAfterMs });
  }
  // A link that was good for some minutes: its host cannot say so otherwise, and the next redirect leads to a new one.
  if (isElsewhere && status === 403) return new Transient(`led to ${shown}, which says 403: the link has expired`);
  if (NOT_ALLOWED.includes(status)) {
    return new StoreError('STORE_UNAUTHORISED', `${shown} answered with status ${status}: not allowed`, {
      hint: isSecret
        ? 'Check the token: whether it is still valid, and may read what is in this repository.'
        : 'Let the server give this file to everybody, or check the address: some answer so for what they lack.',
    });
  }
  return new StoreError('STORE_BAD_ANSWER', `${shown} answered with status ${status}, expected 200`);
}
