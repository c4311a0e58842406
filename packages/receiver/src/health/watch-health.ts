import type { UnitFacts } from '@goldstream/system';
import type { HealthTools, Patient } from './health-tools.ts';
import { beginHealth, type Health, nextHealth, nextLookIn } from './judge-health.ts';
import { lookAtUnit } from './look-at-unit.ts';

/**
 * A unit's health after every look, for as long as somebody asks; the last one is `unhealthy`, if it comes to that.
 * Begins anew each time it is called: do so right after the unit was started or restarted.
 * @throws the reason of `signal` when that is aborted
 */
export async function* watchHealth(
  tools: HealthTools,
  patient: Patient,
  signal: AbortSignal,
): AsyncGenerator<Health, void, void> {
  const { clock } = tools;
  const timing = patient.health;
  const begun = clock.now();
  let health = beginHealth(begun);
  let facts: UnitFacts | undefined;
  while (true) {
    // A look that is still under way when the deadline passes would put it off.
    const left = isTrusted(health) ? timing.timeoutMs : begun + timing.deadlineMs - clock.now();
    const milliseconds = Math.max(1, Math.min(timing.timeoutMs, Math.ceil(left)));
    const seen = await lookAtUnit(tools, patient, facts, { milliseconds, signal });
    facts = seen.facts;
    const now = clock.now();
    health = nextHealth(health, seen.look, now, timing);
    yield health;
    if (health.kind === 'unhealthy') return;
    await clock.sleep(nextLookIn(health, now, timing), signal);
  }
}

function isTrusted(health: Health): boolean {
  return health.kind === 'healthy' && health.stable;
}
