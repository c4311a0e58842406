import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a path answers: as honestly or as hostilely as a test wants. May be left hanging; the server closes it. */
export type Responder = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the first request as the first says, and so on; the last one answers all that follow. */
export function inTurn(...responders: [Responder, ...Responder[]]): Responder {
  let turn = 0;
  return (request, response) => {
    const responder = responders[Math.min(turn, responders.length - 1)] ?? responders[0];
    turn += 1;
    responder(request, response);
  };
}

/** Answers so many requests alike, the rest as `then` says. */
export function times(count: number, first: Responder, then: Responder): Responder {
  return inTurn(...(Array.from({ length: count }, () => first) as [Responder]), then);
}
