import type { TargetHost } from '../target-host.ts';
import type { Operation } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandSame, demandWhole, type KnownTrees } from './whole.ts';

/** What a disturbed command is compared with. */
export interface Undisturbed {
  readonly trees: KnownTrees;
  readonly outcome: Outcome;
}

/** The same command again ends well, and the host is as if nothing had happened. */
export async function demandRecovered(host: TargetHost, operation: Operation, expected: Undisturbed): Promise<void> {
  const again = await host.run(operation.command);
  if (again.exitCode !== 0) throw new Error(`the same command again ended with ${again.exitCode}: ${again.stderr}`);
  await demandWhole(host, operation, expected.trees);
  demandSame('the host', await outcomeOf(host), expected.outcome);
  const { attention } = await host.status();
  if (attention.length > 0) throw new Error(`needs attention: ${attention.join('; ')}`);
  const verified = await host.run(['verify', '--deep']);
  if (verified.exitCode !== 0) throw new Error(`verify ended with ${verified.exitCode}: ${verified.stdout}`);
}
