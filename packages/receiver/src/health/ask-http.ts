import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { HealthCheck } from '@goldstream/component';

/** An answer about health is short; of a longer one so much is read. */
const MOST_BYTES = 1024 * 1024;

/**
 * Sends one GET on a connection of its own and reads the answer. Redirects are not followed, proxies not asked.
 * @returns why it is not well, or undefined
 */
export async function askHttp(
  { url, socket, status }: Extract<HealthCheck, { kind: 'http' }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const asked = request(url, {
    agent: false,
    signal,
    headers: { 'user-agent': 'goldstream-receiver' },
    ...(socket === undefined ? {} : { socketPath: socket }),
  });
  // Whatever comes after the first error is of no interest, and must not be unhandled.
  asked.on('error', () => {});
  try {
    const answered = once(asked, 'response');
    asked.end();
    // The only argument of this event.
    const [answer] = (await answered) as [IncomingMessage];
    await readSome(answer);
    const { statusCode = 0 } = answer;
    const isWell = status === undefined ? statusCode >= 200 && statusCode < 300 : statusCode === status;
    return isWell ? undefined : `answers GET ${url} with ${statusCode}, expected ${status ?? '2xx'}`;
  } catch (error) {
    return `does not answer GET ${url}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    asked.destroy();
  }
}

async function readSome(answer: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return;
  }
}
