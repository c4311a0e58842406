import { once } from 'node:events';
import { connect } from 'node:net';
import type { HealthCheck } from '@goldstream/component';

/** Connects, and says nothing. @returns why it is not well, or undefined */
export async function askTcp(
  { host, port }: Extract<HealthCheck, { kind: 'tcp' }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return undefined;
  } catch (error) {
    return `does not accept connections at ${host} port ${port}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}
