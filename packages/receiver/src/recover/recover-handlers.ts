import type { Handlers } from '@goldstream/plan';
import { remountWritable, removeDurably } from '@goldstream/system';
import { judgeUnits } from '../deploy/judge.ts';
import { recordDeployment } from '../deploy/record-deployment.ts';
import { switchDeployment } from '../deploy/switch.ts';
import type { Tools } from '../host/tools.ts';
import { bringUp } from '../integrate/bring-up.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { removeIncoming } from '../receive/incoming.ts';
import { giveUpHandlers } from '../remove/give-up-handlers.ts';
import { initHandlers, tidyHandlers } from '../stage/stage-handlers.ts';
import { nameReceived } from './name-received.ts';
import { reasonOf } from './reason-of.ts';
import type { RecoverStep } from './step.ts';

/** How each step of recovery is done; each can be done again. */
export function recoverHandlers(tools: Tools): Handlers<RecoverStep> {
  const { runner, systemctl, io } = tools;
  const { 'remove-deployment': removeDeployment, 'delete-version': deleteVersion } = pruneHandlers(tools);
  return {
    ...giveUpHandlers(tools),
    ...tidyHandlers(tools),
    'link-stage': initHandlers(tools)['link-stage'],
    'try-units': ({ verb, units }) =>
      bringUp(systemctl, verb, units).catch((error: unknown) => io.warn(reasonOf(error))),
    'discard-incoming': ({ incoming }) => removeIncoming(tools, incoming),
    'name-received': (step) => nameReceived(tools, step),
    activate: async ({ to, version }) =>
      switchDeployment(tools, { from: undefined, to, version, upper: { kind: 'own' } }),
    'open-for-writing': ({ at }) => remountWritable(runner, at),
    'remove-leftovers': async ({ paths }) => {
      for (const path of paths) await removeDurably(path);
    },
    'remove-deployment': removeDeployment,
    'delete-version': deleteVersion,
    judge: ({ units }) => judgeUnits(systemctl, units),
    record: ({ record }) => recordDeployment(tools, record),
  };
}
