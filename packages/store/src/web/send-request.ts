import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { AgentFor } from './agents.ts';
import { connectionFailure } from './connection-failure.ts';
import { Pace } from './pace.ts';
import type { PatienceMeans } from './patience.ts';
import { showUrl } from './show-url.ts';

/** What every request of one store shares. */
export interface WebClient extends PatienceMeans {
  readonly agentFor: AgentFor;
}

/** What is asked. */
export interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers?: OutgoingHttpHeaders;
}

/** We read bytes, not pages: no encoding is wanted, and nothing is told about who asks. */
const HEADERS = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'goldstream' };

/**
 * Sends one request and waits for the head of its answer, whatever that says.
 *
 * @throws the signal's reason when nothing was sent; what `connectionFailure` makes of an abort later, which `Patience`
 * tells apart
 */
export async function sendRequest(
  { agentFor, clock, signal }: WebClient,
  { method, url, headers }: Question,
): Promise<IncomingMessage> {
  signal?.throwIfAborted();
  try {
    const { request: begin } = url.protocol === 'https:' ? https : http;
    const request = begin(url, {
      method,
      headers: { ...HEADERS, ...headers },
      agent: agentFor(url),
      ...(signal === undefined ? {} : { signal }),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays for good: what happens to the connection after the answer's head, the answer tells as well.
      request.on('error', reject);
    });
    request.end();
    return await new Pace(clock).wait(answered, (reason) => request.destroy(reason));
  } catch (cause) {
    throw connectionFailure(cause, showUrl(url));
  }
}
