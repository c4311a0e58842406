import { join } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { forgetReceived } from '@goldstream/system';
import { deployHandlers } from '../deploy/deploy-handlers.ts';
import type { Tools } from '../host/tools.ts';
import { removeDamaged } from './remove-damaged.ts';
import type { RepairStep } from './step.ts';

/** How each step of `repair` is done. A damaged copy that is in use is kept, with a warning; the next repair looks again. */
export function repairHandlers(tools: Tools): Handlers<RepairStep> {
  const { runner, layout, io } = tools;
  return {
    ...deployHandlers(tools),
    'disown-damaged': async ({ damaged: { name } }) => forgetReceived(runner, join(layout.deploy, name)),
    'remove-damaged': async ({ damaged }) => {
      const kept = await removeDamaged(tools, damaged);
      if (kept === undefined) return;
      io.warn(`kept: ${kept}; when that has ended, run \`goldstream-receiver repair ${damaged.version}\` again`);
    },
  };
}
