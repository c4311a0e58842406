import type { Plan, PlanEvent, Step } from '@goldstream/plan';
import { CliError } from './error.ts';
import { formatDuration } from './format-duration.ts';
import type { CommandIo } from './io.ts';

/** A step that was done: the step's own data and the time it took. */
export type DoneStep = Step & { readonly milliseconds: number };

/** Steps shorter than this tell no time of their own, in milliseconds: a line for each would bury the long ones. */
const WORTH_TELLING = 100;

/**
 * Tells a plan on stderr while it runs and remembers what was done.
 * Between steps it is safe to stop, unless the next one `continues`: after an abort `onEvent` throws `CLI_INTERRUPTED`
 * instead of starting another.
 */
export function narrate<S extends Step>(
  plan: Plan<S>,
  io: CommandIo,
): { readonly onEvent: (event: PlanEvent<S>) => void; readonly steps: readonly DoneStep[] } {
  const steps: DoneStep[] = [];
  let startedAt = 0;
  if (plan.steps.length > 0) io.say(`${plan.goal}:`);
  for (const note of plan.notes ?? []) io.say(`note: ${note}`);
  const onEvent = (event: PlanEvent<S>) => {
    const place = `[${event.index + 1}/${event.of}]`;
    if (event.kind === 'started') {
      if (io.signal.aborted && event.step.continues !== true) throw stoppedBefore(event, io.signal);
      io.say(`${place} ${event.step.says}`);
      startedAt = io.now();
      return;
    }
    const milliseconds = Math.round(io.now() - startedAt);
    steps.push({ ...event.step, milliseconds });
    if (milliseconds >= WORTH_TELLING) io.say(`${place} done in ${formatDuration(milliseconds)}`);
  };
  return { onEvent, steps };
}

function stoppedBefore({ index, of, step }: PlanEvent, { reason }: AbortSignal): CliError {
  return new CliError('CLI_INTERRUPTED', `stopped before step ${index + 1} of ${of}: ${step.says}`, { cause: reason });
}
