import { once } from 'node:events';
import http from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy of a test's own, on 127.0.0.1, that connects whom it is told to (RFC 9110, section 9.3.6). */
export interface Tunnel {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `HOST:PORT` of every `CONNECT` so far. */
  readonly targets: readonly string[];
}

/** Runs `use` with a tunnel, and closes it with every connection afterwards, also when `use` failed. */
export async function withTunnel<T>(use: (tunnel: Tunnel) => Promise<T>): Promise<T> {
  const targets: string[] = [];
  const ends = new Set<Duplex>();
  const server = http.createServer((_, response) => response.writeHead(501).end());
  server.on('connect', ({ url = '' }, client: Socket) => {
    targets.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    for (const end of [client, target]) {
      ends.add(end);
      // Whichever goes, the other one goes too.
      end
        .on('error', () => {})
        .once('close', () => {
          client.destroy();
          target.destroy();
        });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    return await use({ url: `http://127.0.0.1:${port}`, targets });
  } finally {
    server.close();
    for (const end of ends) end.destroy();
    await once(server, 'close');
  }
}
