import { SystemError, type UnitFacts, unitFacts } from '@goldstream/system';
import { ask } from './ask.ts';
import type { HealthTools, Patient } from './health-tools.ts';
import { judgeUnit } from './judge-unit.ts';
import type { Look } from './look.ts';
import { within } from './within.ts';

/** One look, and what the next one is compared with. */
export interface SeenUnit {
  readonly look: Look;
  readonly facts: UnitFacts | undefined;
}

/**
 * Looks at a unit once: at its state, and if that is well, at its check. Neither takes longer than `milliseconds`.
 * @throws the reason of `signal` when that is aborted
 */
export async function lookAtUnit(
  tools: HealthTools,
  { unit, health: { check } }: Patient,
  before: UnitFacts | undefined,
  limits: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<SeenUnit> {
  const facts = await stateOf(tools, unit, limits);
  if (typeof facts === 'string') return { look: { kind: 'failing', because: facts }, facts: before };
  const look = judgeUnit(facts, before);
  if (look.kind !== 'well' || check === undefined) return { look, facts };
  const because = await ask(tools, check, limits);
  return { look: because === undefined ? look : { kind: 'failing', because }, facts };
}

/** The unit's facts, or why there are none. */
async function stateOf(
  { runner, clock }: HealthTools,
  unit: string,
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<UnitFacts | string> {
  const late = `cannot be judged: systemd did not answer within ${milliseconds} ms`;
  const asked = async (limited: AbortSignal): Promise<UnitFacts | string> => {
    try {
      return (await unitFacts(runner, [unit], limited))[0] ?? late;
    } catch (error) {
      if (error instanceof SystemError) return `cannot be judged: ${error.message}`;
      throw error;
    }
  };
  return within({ clock, milliseconds, signal }, asked, late);
}
