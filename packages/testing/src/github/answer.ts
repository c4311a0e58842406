import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

const PIECE_BYTES = 1024 * 1024;

/** What the emulator answers, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
  /** The connection breaks after so many bytes of it. */
  readonly cutAfter?: number;
}

/** A body: an object of the API, bytes, or a file on disk. */
export type Content =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** `size` bytes. */
  | { readonly kind: 'file'; readonly path: string; readonly size: number };

/** An object of the API. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, content: { kind: 'json', value } };
}

/** What GitHub says of what is not there, and of what the caller may not see. */
export function notFound(): Answer {
  return json(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' });
}

/** One reason for which GitHub refuses a change. */
export interface Objection {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

/** A change that is refused. */
export function refused(message: string, ...errors: readonly Objection[]): Answer {
  return json(422, { message, errors, documentation_url: 'https://docs.github.com/rest' });
}

/** Sends an answer; of bytes and files the range that was asked for (RFC 9110, section 14). */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers = {}, content } = answer;
  // What the client still sends is taken, so that the connection can be used again.
  request.resume();
  const isHead = request.method === 'HEAD';
  if (content === undefined || content.kind === 'json') {
    const text = content === undefined ? '' : JSON.stringify(content.value);
    const type = content === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
    response.writeHead(status, { ...type, ...headers, 'content-length': Buffer.byteLength(text) });
    response.end(isHead ? undefined : text);
    return;
  }
  const size = content.kind === 'file' ? content.size : content.bytes.length;
  const [, first, last] = (status === 200 && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')) || [];
  const start = Number(first ?? 0);
  const end = Math.min(last ? Number(last) + 1 : size, size);
  if (first !== undefined && start >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const range = first === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` };
  response.writeHead(first === undefined ? status : 206, { ...headers, ...range, 'content-length': end - start });
  const stop = Math.min(end, start + (answer.cutAfter ?? Number.POSITIVE_INFINITY));
  if (isHead || start === stop) response.end();
  else if (content.kind === 'bytes') response.write(content.bytes.subarray(start, stop));
  else await sendFile(response, content.path, start, stop);
  if (stop < end) response.destroy();
  else response.end();
}

/** In large pieces: the emulator should not be what a benchmark measures. */
async function sendFile(response: ServerResponse, path: string, start: number, end: number): Promise<void> {
  for await (const piece of createReadStream(path, { start, end: end - 1, highWaterMark: PIECE_BYTES })) {
    if (response.destroyed) return;
    // A client that goes away is what many tests are about.
    if (!response.write(piece)) await drained(response);
  }
}

/** Until more may be written, or nobody is there any more. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const either = ['drain', 'close'].map((event) => once(response, event, { signal: over.signal }).catch(() => {}));
  await Promise.race(either);
  over.abort();
}
