import { plannedCommand } from '@goldstream/cli';
import { bootHandlers } from '../boot/boot-handlers.ts';
import { planBoot } from '../boot/plan-boot.ts';
import type { Tools } from '../host/tools.ts';

export const boot = plannedCommand({
  name: 'boot',
  summary: 'What the units do at each start of the host; not for people',
  examples: ['goldstream-receiver --app op-dbus boot mount', 'goldstream-receiver --app op-dbus boot recover'],
  arguments: {
    moment: {
      type: 'choice',
      choices: ['mount', 'recover'],
      summary: 'before services start, or when the host is up',
    },
  },
  plan: async ({ moment }, { layout }: Tools) => planBoot(layout, moment),
  handlers: bootHandlers,
});
