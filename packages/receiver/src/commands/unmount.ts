import { plannedCommand } from '@goldstream/cli';
import { unmountDeployment } from '../deploy/unmount-deployment.ts';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { planUnmount, type UnmountStep } from '../mount/plan-unmount.ts';
import { version } from './options.ts';

export const unmount = plannedCommand({
  name: 'unmount',
  summary: 'Unmount deployments; never lazily, never the active one unasked',
  examples: [
    'goldstream-receiver unmount',
    'goldstream-receiver unmount v1.3.0',
    'goldstream-receiver unmount --active',
  ],
  arguments: { version: { ...version, optional: true, summary: 'only deployments of this version' } },
  options: { active: { type: 'boolean', summary: 'also the active deployment' } },
  bracket: exclusively,
  plan: async (values, { layout, audit }: Tools) => {
    audit.undertake({ event: 'unmount', subject: { version: values.version } });
    return planUnmount(await gatherHost(layout), values);
  },
  handlers: (tools) => tools.audit.announcing<UnmountStep>({ unmount: ({ at }) => unmountDeployment(tools, at) }),
});
