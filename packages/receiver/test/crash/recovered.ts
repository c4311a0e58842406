import type { Status } from '../../src/status/status.ts';
import type { TargetHost } from '../target-host.ts';
import { demandEnded, type Operation } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandSame, demandWhole, type KnownTrees } from './whole.ts';

/** What a disturbed command is compared with. */
export interface Undisturbed {
  readonly trees: KnownTrees;
  /** Of a host that was verified. */
  readonly outcome: Outcome;
}

/** The same command again ends well, and the host is, to the byte, as if nothing had happened. */
export async function demandRecovered(host: TargetHost, operation: Operation, expected: Undisturbed): Promise<void> {
  const told = await demandEnded(host, ...operation.command);
  const status = await demandWhole(host, operation, expected.trees);
  // What somebody else on this machine may use is kept: a difference that comes of it is told with its reason.
  const kept = told.split('\n').filter((line) => line.includes('kept: '));
  demandSame(['the host', ...kept].join(', '), await outcomeOf(host), expected.outcome);
  await demandCalm(host, status);
}

/**
 * Every byte of what is here and of what is connected to the system is as signed.
 * @param known what `status` just said, where somebody asked it already
 */
export async function demandVerified(host: TargetHost, known?: Status): Promise<void> {
  const status = known ?? (await host.status());
  if (status.active !== null) await demandEnded(host, 'verify', '--deep');
  await demandCalm(host, status);
}

/** Nothing needs attention, and the audit trail holds. */
async function demandCalm(host: TargetHost, { attention }: Status): Promise<void> {
  if (attention.length > 0) throw new Error(`needs attention: ${attention.join('; ')}`);
  await demandEnded(host, 'audit', 'verify');
}
