import type { StoreOptions } from '../store.ts';
import { makeAgents } from './agents.ts';
import { type Clock, systemClock } from './clock.ts';
import type { WebClient } from './send-request.ts';

/** How servers are spoken to. */
export interface ClientOptions extends Pick<StoreOptions, 'signal' | 'onRetry' | 'ca' | 'env'> {
  /** Default: the machine's own. */
  readonly clock?: Clock;
}

/** What the requests of one store share. */
export function makeClient({ signal, onRetry, clock = systemClock, ca, env }: ClientOptions): WebClient {
  return { agentFor: makeAgents({ ca, env }), clock, signal, onRetry };
}
