import { acquireLock, demandRoot, type Lock } from '@goldstream/system';
import { outcomeOf } from '../audit/audit-session.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { settleFailed, settleInterrupted } from '../transaction/settle.ts';

/** Locks of runs that give theirs back before they end, by the tools of the run. */
const HELD = new WeakMap<Tools, Lock>();

/**
 * The bracket of `remove`: as `exclusively`, but the lock and the audit trail lie in the pool, which the last step
 * unmounts. So that step gives the lock back, and an earlier one tells the trail how the run ended.
 */
export async function whileThereIsAPool(tools: Tools, work: () => Promise<void>): Promise<void> {
  demandRoot();
  const { runner, layout, patience, io, audit } = tools;
  if (!(await isPrepared(tools))) return work();
  HELD.set(tools, await acquireLock(runner, layout.lock, { patience, signal: io.signal }));
  try {
    await settleInterrupted(tools);
    await work();
  } catch (failure) {
    if (HELD.has(tools)) {
      await audit.record({ event: 'remove', subject: {}, outcome: outcomeOf(failure) });
      await settleFailed(tools, failure);
    }
    throw failure;
  } finally {
    await audit.told();
    await giveLockBack(tools);
  }
}

/** Gives the lock of a run back, if it has one. */
export async function giveLockBack(tools: Tools): Promise<void> {
  const lock = HELD.get(tools);
  HELD.delete(tools);
  await lock?.release();
}

async function isPrepared({ layout }: Tools): Promise<boolean> {
  return demandPrepared(layout).then(
    () => true,
    () => false,
  );
}
