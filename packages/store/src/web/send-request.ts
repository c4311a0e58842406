import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { AgentFor } from './agents.ts';
import { connectionFailure } from './connection-failure.ts';
import { Pace } from './pace.ts';
import type { PatienceMeans } from './patience.ts';
import { http, https } from './platform.ts';
import { showUrl } from './show-url.ts';

/** What every request of one store shares. */
export interface WebClient extends PatienceMeans {
  readonly agentFor: AgentFor;
}

/** What is sent with a request. */
export interface RequestBody {
  readonly bytes: number;
  /** From its start, each time anew. A view is valid until the next one is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

/** A request as it is sent. */
export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: RequestBody;
}

/** What is asked. */
export interface Question extends WebRequest {
  readonly method: 'GET' | 'HEAD';
  /** Header fields for this host alone: no redirect takes them to another one. */
  readonly secret?: OutgoingHttpHeaders;
}

/** A server that was sent gigabytes may take a while until it says what became of them. */
const DIGESTION_MS = 300_000;

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
  { method, url, headers, body }: WebRequest,
): Promise<IncomingMessage> {
  signal?.throwIfAborted();
  try {
    const { request: begin } = url.protocol === 'https:' ? https() : http();
    const request = begin(url, {
      method,
      headers: { ...HEADERS, ...headers, ...(body === undefined ? {} : { 'content-length': body.bytes }) },
      agent: agentFor(url),
      ...(signal === undefined ? {} : { signal }),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays for good: what happens to the connection after the answer's head, the answer tells as well.
      request.on('error', reject);
    });
    const pace = new Pace(clock);
    const giveUp = (reason: Error) => void request.destroy(reason);
    if (body !== undefined) {
      await sendBody(request, body, answered, (taken) => pace.wait(taken, giveUp)).catch((error: Error) => {
        giveUp(error);
        throw error;
      });
    }
    request.end();
    return await pace.wait(answered, giveUp, body === undefined ? undefined : DIGESTION_MS);
  } catch (cause) {
    throw connectionFailure(cause, showUrl(url));
  }
}

/** Until it is all taken, or answered: a server may refuse before it has seen everything. */
async function sendBody(
  request: ClientRequest,
  body: RequestBody,
  answered: Promise<unknown>,
  wait: (taken: Promise<void>) => Promise<void>,
): Promise<void> {
  let isOver = false;
  const over = answered.then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  for await (const piece of body.open()) {
    if (isOver) return;
    // Called back once the piece is handed over to the system: its memory may then be used again.
    const taken = new Promise<void>((resolve) => {
      request.write(piece, () => resolve());
    });
    await wait(Promise.race([taken, over]));
  }
}
