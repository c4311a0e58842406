import type { IncomingMessage } from 'node:http';
import { StoreError } from '../error.ts';
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
 * may expire. No header that we send is a secret, so none needs to be kept from another host.
 *
 * @returns an answer that is about the file, of whatever success; `undefined` when the server does not have it
 * @throws StoreError `STORE_UNAUTHORISED`, `STORE_BAD_REDIRECT`; those of `sendRequest`
 */
export async function ask(client: WebClient, question: Question): Promise<Answer | undefined> {
  let { url } = question;
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendRequest(client, { ...question, url });
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
      throw refusal(status, parseRetryAfter(headers['retry-after'], client.clock.date()), shown);
    }
  }
}

function refusal(status: number, retryAfterMs: number, shown: string): Transient | StoreError {
  if (status >= 500 || PASSING.includes(status)) {
    return new Transient(`answered with status ${status}`, { retryAfterMs });
  }
  if (NOT_ALLOWED.includes(status)) {
    return new StoreError('STORE_UNAUTHORISED', `${shown} answered with status ${status}: not allowed`, {
      hint: 'Let the server give this file to everybody, or check the address: some answer so for what they lack.',
    });
  }
  return new StoreError('STORE_BAD_ANSWER', `${shown} answered with status ${status}, expected 200`);
}
