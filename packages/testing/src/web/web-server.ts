import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ServerCertificate } from './certificates.ts';
import type { Responder } from './responder.ts';

/** What a client asked. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A web server of a test's own, on 127.0.0.1. */
export interface WebServer {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT`. */
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
  /** How many connections were made so far. */
  readonly connections: number;
  /** Waits until no connection is open any more. */
  idle(): Promise<void>;
  /** From now on `path` answers so. A path that ends in `/*` stands for all below it. Everything else is 404. */
  serve(path: string, responder: Responder): void;
}

/** How a server differs from plain HTTP. */
export interface WebServerOptions {
  /** Makes it speak TLS. */
  readonly certificate?: ServerCertificate;
}

/** Runs `use` with a server, and closes it with every connection afterwards, also when `use` failed. */
export async function withWebServer<T>(
  { certificate }: WebServerOptions,
  use: (server: WebServer) => Promise<T>,
): Promise<T> {
  const routes = new Map<string, Responder>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const listener: RequestListener = (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, path: url, headers: { ...headers } });
    // A client that goes away is what many tests are about.
    response.on('error', () => {});
    const responder = findRoute(routes, request);
    if (responder === undefined) response.writeHead(404).end();
    else responder(request, response);
  };
  const server: Server =
    certificate === undefined ? http.createServer(listener) : https.createServer(certificate, listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    return await use({
      url: certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
      requests,
      get connections() {
        return connections;
      },
      async idle() {
        for (const socket of sockets) await new Promise((resolve) => socket.once('close', resolve));
      },
      serve: (path, responder) => routes.set(path, responder),
    });
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  }
}

function findRoute(routes: ReadonlyMap<string, Responder>, { url = '/' }: IncomingMessage): Responder | undefined {
  const { pathname } = new URL(url, 'http://host');
  const exact = routes.get(pathname);
  if (exact !== undefined) return exact;
  return [...routes].find(([path]) => path.endsWith('/*') && pathname.startsWith(path.slice(0, -1)))?.[1];
}
