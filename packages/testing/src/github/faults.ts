import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, json } from './answer.ts';
import { addStarter } from './asset-operations.ts';
import type { Repository } from './repository.ts';

/** A request on its way to what would answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly repository: Repository;
  /** Does what was asked. */
  answer(): Promise<Answer>;
}

/** What happens to one request instead. `undefined`: nothing is to be sent any more. */
export type Fault = (exchange: Exchange) => Promise<Answer | undefined>;

/** Nothing is done, and this is said: 500, 502, … */
export function says(status: number, message = 'Server Error', headers: Readonly<Record<string, string>> = {}): Fault {
  return async ({ request }) => {
    await drain(request);
    return json(status, { message }, headers);
  };
}

/** It is done, and the answer is lost on the way: 502. */
export function losesAnswer(): Fault {
  return async ({ answer }) => {
    await answer();
    return json(502, { message: 'Server Error' });
  };
}

/** Nothing is done, and nothing said; tells `onHeld` so, again and again until the client goes away. */
export function silence(onHeld: () => void): Fault {
  return async ({ request }) => {
    await drain(request);
    const timer = setInterval(onHeld, 1);
    request.socket.once('close', () => clearInterval(timer));
    return undefined;
  };
}

/** The connection breaks after so many bytes of an upload; its asset stays as `starter`. */
export function cutsUpload(bytes: number): Fault {
  return async ({ request, repository }) => {
    leaveStarter(request, repository);
    let seen = 0;
    for await (const piece of request) {
      seen += piece.length;
      if (seen >= bytes) break;
    }
    request.socket.destroy();
    return undefined;
  };
}

/** An upload ends with 502 and leaves its asset as `starter`, as GitHub warns of in its own words. */
export function leavesStarter(): Fault {
  return async ({ request, repository }) => {
    await drain(request);
    leaveStarter(request, repository);
    return json(502, { message: 'Server Error' });
  };
}

/** No calls are left until so many seconds from now. */
export function primaryRateLimit(seconds: number): Fault {
  const reset = Math.ceil(Date.now() / 1000) + seconds;
  return says(403, 'API rate limit exceeded for user ID 1.', {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  });
}

/** Too many calls at a time. */
export function secondaryRateLimit(seconds: number): Fault {
  return says(429, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
    'x-ratelimit-limit': '5000',
    'retry-after': String(seconds),
  });
}

/** The signed address of an asset is too old, in the words of the host that has it. */
export function expiredLink(): Fault {
  return says(403, 'Signature not valid in the specified time frame');
}

/** The connection breaks after so many bytes of an answer's body. */
export function cutsAnswer(bytes: number): Fault {
  return async ({ answer }) => ({ ...(await answer()), cutAfter: bytes });
}

async function drain(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

function leaveStarter({ url = '' }: IncomingMessage, repository: Repository): void {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const id = Number(/\/releases\/(\d+)\/assets$/.exec(pathname)?.[1]);
  const release = repository.releases.find((one) => one.id === id);
  if (release !== undefined) addStarter(repository, release, searchParams.get('name') ?? '');
}
