import type { IncomingMessage } from 'node:http';
import { connectionFailure } from './connection-failure.ts';
import { Pace } from './pace.ts';
import type { WebClient } from './send-request.ts';

/** An answer's body, as fast as it must come. @throws what `connectionFailure` makes of its end */
export async function* received(
  { clock }: Pick<WebClient, 'clock'>,
  response: IncomingMessage,
  shown: string,
): AsyncIterable<Buffer> {
  const pace = new Pace(clock);
  const pieces: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await pace.wait(pieces.next(), (reason) => response.destroy(reason));
      if (done) return;
      yield value;
      pace.arrived(value.length);
    }
  } catch (cause) {
    throw connectionFailure(cause, shown);
  }
}
