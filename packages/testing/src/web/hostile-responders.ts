import { gzipSync } from 'node:zlib';
import type { Responder } from './responder.ts';

/** Hands on what another responder says, and cuts the connection after so many bytes of the body. */
export function cutAfter(bytes: number, responder: Responder): Responder {
  return (request, response) => {
    if (request.method === 'HEAD') return responder(request, response);
    const { end } = response;
    const cut = (body?: Uint8Array) => {
      // Sent before it is cut: the client reads them, however fast the connection goes.
      response.write(body?.subarray(0, bytes) ?? '', () => response.destroy());
      return response;
    };
    // The one way in which the responders of this folder give their bytes.
    response.end = cut as typeof end;
    responder(request, response);
  };
}

/** Status, header fields and bytes as they are given, fitting or not. Without a length: in chunks. */
export function answer(code: number, headers: Readonly<Record<string, string>>, content: string | Buffer): Responder {
  return (request, response) => {
    response.strictContentLength = false;
    response.writeHead(code, headers);
    // Written apart, so that Node does not find out the length by itself.
    if (request.method !== 'HEAD') response.write(content);
    response.end();
  };
}

/** Announces a length and sends something else; a shorter body leaves the client waiting until it is cut. */
export function announcing(length: number, content: string): Responder {
  return (request, response) => {
    response.writeHead(200, { 'content-length': length });
    if (request.method === 'HEAD') response.end();
    else response.write(content, () => response.destroy());
  };
}

/** A body that never ends. `sent` hears of every piece. */
export function endless(sent: (bytes: number) => void = () => {}): Responder {
  const piece = Buffer.alloc(64 * 1024, 'x');
  return (_, response) => {
    response.writeHead(200);
    const more = () => {
      if (response.destroyed) return;
      sent(piece.length);
      if (response.write(piece)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  };
}

/** Sends some bytes of an announced body, then nothing more, and tells `onHeld` so. */
export function held(length: number, content: string, onHeld: () => void): Responder {
  return (_, response) => {
    response.writeHead(200, { 'content-length': length });
    response.flushHeaders();
    response.write(content, onHeld);
  };
}

/** No answer at all; tells `onHeld` so. */
export function silent(onHeld: () => void): Responder {
  return () => onHeld();
}

/** One byte at a time, for ever, of a body that is announced as long (slow loris); `pause` milliseconds between them. */
export function trickling(length: number, pause = 0): Responder {
  return (_, response) => {
    response.writeHead(200, { 'content-length': length });
    const more = () => {
      if (!response.destroyed) response.write('.', () => (pause === 0 ? setImmediate(more) : setTimeout(more, pause)));
    };
    more();
  };
}

/** A body compressed although nobody asked for that. */
export function gzipped(content: string): Responder {
  return answer(200, { 'content-encoding': 'gzip' }, gzipSync(content));
}
