import type { HealthRule } from '@goldstream/component';
import type { Handlers } from '@goldstream/plan';
import { monotonicClock } from '../health/clock.ts';
import { demandHealth } from '../health/demand-health.ts';
import type { Tools } from '../host/tools.ts';
import { recoverHandlers } from './recover-handlers.ts';
import type { RecoverStep } from './step.ts';

/**
 * How each step of recovery is done after services were started. No unit is waited for while it starts: one that never
 * comes up must hold up neither the others nor, with the lock, every command. They are looked after together when a
 * trial is judged, until they are up or out of time.
 */
export function lateHandlers(tools: Tools): Handlers<RecoverStep> {
  const { runner, systemctl, io } = tools;
  const begin = async (units: readonly string[]): Promise<void> => {
    await systemctl.resetFailed(units);
    await systemctl.begin(units);
  };
  return {
    ...recoverHandlers(tools),
    'start-units': ({ units }) => begin(units),
    'try-units': ({ units }) => begin(units),
    judge: async ({ units }) => {
      const patients = units.map((unit) => ({ unit, health: UP }));
      await demandHealth({ runner, clock: monotonicClock }, patients, { demand: 'healthy', signal: io.signal });
    },
  };
}

/** Up, as systemd says it. */
const UP: HealthRule = {
  check: undefined,
  timeoutMs: 5_000,
  intervalMs: 2_000,
  startIntervalMs: 250,
  retries: 3,
  startPeriodMs: 30_000,
  stableMs: 0,
  deadlineMs: 300_000,
};
