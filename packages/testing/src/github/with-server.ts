import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import type { Incoming } from './github-emulator.ts';

/**
 * Runs `use` with a server on 127.0.0.1 whose address is given as `http://127.0.0.1:PORT`, and closes it with every
 * connection afterwards, also when `use` failed.
 */
export async function withServer<T>(
  listen: (incoming: Incoming, base: string) => Promise<void>,
  use: (base: string) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  let base = '';
  const server = http.createServer((request, response) => {
    // A client that goes away is what many tests are about, in either direction.
    response.on('error', () => {});
    request.on('error', () => {});
    listen({ request, response, url: new URL(request.url ?? '/', base) }, base).catch(() => response.destroy());
  });
  // Uploads of parts take as long as they take.
  server.requestTimeout = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`;
  try {
    return await use(base);
  } finally {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
}
