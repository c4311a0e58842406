import type { ServiceEntry } from '@goldstream/component';
import type { Runner } from '@goldstream/system';
import type { Clock } from './clock.ts';

/** What looking after health works with. */
export interface HealthTools {
  readonly runner: Runner;
  readonly clock: Clock;
}

/** A unit whose health is looked after. */
export type Patient = Pick<ServiceEntry, 'unit' | 'health'>;
