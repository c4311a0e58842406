import { plannedCommand } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { locked } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { eventOfRecovery } from '../recover/event-of-recovery.ts';
import { gatherRecover } from '../recover/facts.ts';
import { planRecover, type RecoverPlan } from '../recover/plan-recover.ts';
import { recoverHandlers } from '../recover/recover-handlers.ts';
import { settleFailed } from '../transaction/settle.ts';

export const recover = plannedCommand({
  name: 'recover',
  summary: 'Finish or undo what an interrupted command has left',
  examples: ['goldstream-receiver recover', 'goldstream-receiver recover --dry-run'],
  bracket: async (tools: Tools, work) =>
    locked(tools, async () => {
      try {
        await work();
      } catch (failure) {
        await settleFailed(tools, failure);
        throw failure;
      }
    }),
  plan: async (_, tools: Tools): Promise<RecoverPlan> => {
    demandRoot();
    await demandPrepared(tools.layout);
    const facts = await gatherRecover(tools, { moment: 'command' });
    tools.audit.undertake(eventOfRecovery(facts));
    return planRecover(facts);
  },
  handlers: (tools) => tools.audit.announcing(recoverHandlers(tools)),
});
