import type { HealthTiming } from '@goldstream/component';
import type { Look } from './look.ts';

/**
 * What is known of a unit's health. Times are those of one clock that never goes back, in milliseconds.
 *
 * `starting → healthy → healthy and stable`, back to `starting` whenever it fails, and from any of them to `unhealthy`,
 * which is the end: whoever restarts the unit begins anew.
 */
export type Health =
  | {
      readonly kind: 'starting';
      readonly begun: number;
      /** Whether it was well before: then the start period is over. */
      readonly wasWell: boolean;
      /** Failures in a row that count. */
      readonly failures: number;
      /** Why it was not well when it was last looked at. */
      readonly because: string | undefined;
    }
  | {
      readonly kind: 'healthy';
      readonly begun: number;
      /** It was well at every look since. */
      readonly since: number;
      /** Whether that is long enough to trust it. */
      readonly stable: boolean;
    }
  | { readonly kind: 'unhealthy'; readonly because: string };

/** Health before the first look. */
export function beginHealth(now: number): Health {
  return { kind: 'starting', begun: now, wasWell: false, failures: 0, because: undefined };
}

/** Health after a look that was taken at `now`. Pure. */
export function nextHealth(health: Health, look: Look, now: number, timing: HealthTiming): Health {
  if (health.kind === 'unhealthy') return health;
  const next = afterLook(health, look, now, timing);
  const isTrusted = next.kind === 'healthy' && next.stable;
  if (next.kind === 'unhealthy' || isTrusted || now - health.begun < timing.deadlineMs) return next;
  // The look that the deadline cut short says less than the one before.
  const because = reasonOf(health) ?? reasonOf(next);
  const why = because === undefined ? '' : `: it ${because}`;
  return { kind: 'unhealthy', because: `was not stable within ${seconds(timing.deadlineMs)}${why}` };
}

function reasonOf(health: Health): string | undefined {
  return health.kind === 'starting' ? health.because : undefined;
}

/** How long to wait for the next look. Milliseconds; never beyond the deadline. */
export function nextLookIn(health: Health, now: number, timing: HealthTiming): number {
  if (health.kind === 'unhealthy') return 0;
  const left = Math.max(0, health.begun + timing.deadlineMs - now);
  if (health.kind === 'healthy') {
    const trusted = health.stable ? Number.POSITIVE_INFINITY : health.since + timing.stableMs - now;
    return Math.min(timing.intervalMs, Math.max(0, trusted), health.stable ? Number.POSITIVE_INFINITY : left);
  }
  return Math.min(inStartPeriod(health, now, timing) ? timing.startIntervalMs : timing.intervalMs, left);
}

type Alive = Exclude<Health, { kind: 'unhealthy' }>;

function afterLook(health: Alive, look: Look, now: number, timing: HealthTiming): Health {
  const { begun } = health;
  if (look.kind === 'dead') return { kind: 'unhealthy', because: look.because };
  if (look.kind === 'well') {
    const since = health.kind === 'healthy' ? health.since : now;
    return { kind: 'healthy', begun, since, stable: now - since >= timing.stableMs };
  }
  const { because } = look;
  const wasWell = health.kind === 'healthy' || health.wasWell;
  const before = health.kind === 'healthy' ? 0 : health.failures;
  if (look.kind === 'waiting' || inStartPeriod(health, now, timing)) {
    return { kind: 'starting', begun, wasWell, failures: before, because };
  }
  const failures = before + 1;
  if (failures < timing.retries) return { kind: 'starting', begun, wasWell, failures, because };
  return { kind: 'unhealthy', because: timing.retries === 1 ? because : `${because} (${failures} times in a row)` };
}

/** Failures before the first success are those of a service that is still starting. */
function inStartPeriod(health: Alive, now: number, { startPeriodMs }: HealthTiming): boolean {
  return health.kind === 'starting' && !health.wasWell && now - health.begun < startPeriodMs;
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
