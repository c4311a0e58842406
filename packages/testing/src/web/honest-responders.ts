import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Responder } from './responder.ts';

/** What an honest answer carries beside the bytes. */
export interface FileFacts {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A file as a good server gives it: `HEAD`, one `Range`, `If-Range` (RFC 9110). */
export function file(content: string | Uint8Array, { etag, lastModified }: FileFacts = {}): Responder {
  const bytes = Buffer.from(content);
  return (request, response) => {
    if (etag !== undefined) response.setHeader('etag', etag);
    if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
    const wanted = request.headers['if-range'];
    const isSame = wanted === undefined || wanted === etag || wanted === lastModified;
    const [, first, last] = (isSame && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')) || [];
    const start = Number(first ?? 0);
    const end = Math.min(last ? Number(last) + 1 : bytes.length, bytes.length);
    if (first !== undefined && start >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const range = first === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
    response.writeHead(first === undefined ? 200 : 206, { ...range, 'content-length': end - start });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start, end));
  };
}

/** A file as a simple server gives it: whole, whatever range is asked for. */
export function withoutRanges(content: string | Uint8Array, facts: FileFacts = {}): Responder {
  const respond = file(content, facts);
  return (request, response) => {
    // Nobody else holds this request.
    delete request.headers.range;
    respond(request, response);
  };
}

/** A status without a body. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Responder {
  return (_, response) => {
    response.writeHead(code, headers).end();
  };
}

/** A redirect (302) to an address, relative or not. */
export function redirect(location: string): Responder {
  return status(302, { location });
}

/** The files below a directory, as they are at that moment. */
export function directory(base: string): Responder {
  return (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(base, path));
    } catch {
      response.writeHead(404).end();
      return;
    }
    file(bytes)(request, response);
  };
}
