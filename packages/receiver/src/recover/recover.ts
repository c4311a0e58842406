import { outcomeOf } from '../audit/audit-session.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { tellRecovery } from './event-of-recovery.ts';
import { gatherRecover, type Occasion } from './facts.ts';
import { lateHandlers } from './late-handlers.ts';
import { planRecover, type RecoverPlan } from './plan-recover.ts';
import { reasonOf } from './reason-of.ts';
import { recoverHandlers } from './recover-handlers.ts';

/**
 * Finishes or undoes what an interrupted, or failed, command has left, as the table says. The caller holds the lock.
 * A trial that fails while it is being finished is given up at once, so this ends in at most two rounds.
 *
 * Who calls it: every changing command before it looks at the host, and after it failed (`failure`); at boot,
 * `mountActive` before services start (`early`) and `recoverAtBoot` after that (`late`).
 * @returns the plan that was carried out; without steps when there was nothing to do
 */
export async function recover(tools: Tools, occasion: Occasion): Promise<RecoverPlan> {
  const facts = await gatherRecover(tools, occasion);
  try {
    const plan = planRecover(facts);
    await carryOut(tools, plan, occasion);
    if (plan.steps.length > 0) await tellRecovery(tools, facts, { kind: 'done' });
    return plan;
  } catch (cause) {
    await tellRecovery(tools, facts, outcomeOf(cause));
    if (facts.decision.action !== 'finish') throw cause;
    return recover(tools, { ...occasion, failure: reasonOf(cause) });
  }
}

async function carryOut(tools: Tools, plan: RecoverPlan, { moment, failure }: Occasion): Promise<void> {
  const { io } = tools;
  if (plan.steps.length === 0) return;
  // What a command cleans up behind itself is part of its story; everything else somebody should know of.
  if (failure === undefined || plan.action === 'give-up') io.warn(plan.goal);
  else io.say(plan.goal);
  await carryOutWithin(tools, plan, moment === 'late' ? lateHandlers(tools) : recoverHandlers(tools));
}
