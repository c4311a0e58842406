import type { Command } from '@goldstream/system';
import { chooseMoments } from './choose-moments.ts';
import type { Blow, SeenMoment } from './moment.ts';
import { lookAtRun, type SeenRun, type StruckRun, strikeRun } from './run-with-orders.ts';

/** What is struck, and what must be true afterwards. */
export interface KillPlan<Host> {
  /** Runs its argument on a host in the state before the command, one of its own each time. */
  readonly withHost: <T>(use: (host: Host) => Promise<T>) => Promise<T>;
  /** A command of ours that changes the host. */
  readonly command: (host: Host) => Command;
  /** One blow for each moment, in turn. */
  readonly blows: readonly [Blow, ...Blow[]];
  /** How many moments within each step, beside its beginning. */
  readonly within: number;
  readonly seed: number;
  /** As `strikeRun` takes it. */
  readonly mayOutlive?: RegExp;
  /** Looks at a host on which the command was not disturbed: what it throws ends everything. */
  readonly undisturbed: (host: Host, run: SeenRun) => Promise<void>;
  /** Looks at a host after a blow: what it throws is a violation. */
  readonly afterwards: (host: Host, run: StruckRun) => Promise<void>;
}

/** What came of it. */
export interface KillReport {
  readonly struck: number;
  /** One text for each blow after which something was not as it must be. */
  readonly violations: readonly string[];
}

/**
 * Runs a command once undisturbed to learn its moments, then again on a fresh host for each moment that is chosen, with
 * a blow at it. The moments come from the run itself, so a step that is new is struck without anybody remembering it.
 */
export async function killMatrix<Host>(plan: KillPlan<Host>): Promise<KillReport> {
  const { withHost, command, blows, mayOutlive, undisturbed, afterwards } = plan;
  const moments = await withHost(async (host) => {
    const run = await lookAtRun(command(host));
    await undisturbed(host, run);
    return run.moments;
  });
  const chosen = chooseMoments(moments, plan);
  const violations: string[] = [];
  for (const [index, moment] of chosen.entries()) {
    const blow = blows[index % blows.length] ?? blows[0];
    try {
      await withHost(async (host) => afterwards(host, await strikeRun(command(host), blow, moment, mayOutlive)));
    } catch (violation) {
      violations.push(`${blow} at ${nameOf(moment)}: ${textOf(violation)}`);
    }
  }
  return { struck: chosen.length, violations };
}

function nameOf({ step, operation, doing }: SeenMoment): string {
  return `step ${step}, operation ${operation} (${doing})`;
}

function textOf(violation: unknown): string {
  // Both the check and the cleaning up failed: its own message says nothing.
  if (violation instanceof SuppressedError) return [violation.suppressed, violation.error].map(textOf).join('; then: ');
  return violation instanceof Error ? violation.message : String(violation);
}
