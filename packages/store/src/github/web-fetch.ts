import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { StoreError } from '../error.ts';
import { readAtMost } from '../read-at-most.ts';
import { received } from '../web/received.ts';
import { type RequestBody, sendRequest, type WebClient } from '../web/send-request.ts';
import { showUrl } from '../web/show-url.ts';

/** No answer to a change, and no page of a list, is larger. Bytes. */
const ANSWER_BYTES_LIMIT = 64 * 1024 * 1024;

/** What octokit hands over of a request. */
interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or what `data` was. */
  readonly body?: string | RequestBody;
}

/**
 * `fetch` as far as octokit uses it, through the connections of a store. Follows no redirect: with them would go the
 * token, and what was to be changed.
 */
export function webFetch(client: WebClient) {
  return async (address: string, { method, headers, body }: FetchOptions): Promise<Response> => {
    const url = new URL(address);
    const sent: OutgoingHttpHeaders = { ...headers };
    const response = await sendRequest(client, {
      method,
      url,
      headers: sent,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? textBody(body) : body }),
    });
    const { statusCode: status = 0 } = response;
    const bytes = await readAtMost(received(client, response, showUrl(url)), ANSWER_BYTES_LIMIT, showUrl(url));
    if (status >= 300 && status < 400 && status !== 304) throw moved(url, response);
    // Statuses without a body insist on having none.
    return new Response(bytes.length === 0 ? null : Buffer.from(bytes), { status, headers: headersOf(response) });
  };
}

function textBody(text: string): RequestBody {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

function headersOf({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

function moved(url: URL, { headers: { location } }: IncomingMessage): StoreError {
  const to = location !== undefined && URL.canParse(location, url.href) ? showUrl(new URL(location, url)) : 'nowhere';
  return new StoreError('STORE_BAD_REDIRECT', `${showUrl(url)} redirects to ${to}: the repository has moved`, {
    hint: 'Name it as it is called now.',
  });
}
