import { plannedCommand } from '@goldstream/cli';
import { specifyRelease } from '../audit/specify-release.ts';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { readComponents } from '../integrate/read-components.ts';
import { mountHandlers } from '../mount/mount-handlers.ts';
import { planMountActive, planMountVersion } from '../mount/plan-mount.ts';
import { gatherReceive } from '../receive/facts.ts';
import { planReceive } from '../receive/plan-receive.ts';
import { allowUnsigned, sourceOptions, sourcesOf, version } from './options.ts';

export const mount = plannedCommand({
  name: 'mount',
  summary: 'Mount a version beside the active one, or the active one again',
  examples: [
    'goldstream-receiver mount',
    'goldstream-receiver mount v1.3.0',
    'goldstream-receiver mount v1.3.0 --manifest op-dbus-v1.3.0.manifest.json',
  ],
  arguments: {
    version: { ...version, optional: true, summary: 'version to mount (default: the active deployment, again)' },
  },
  options: { ...sourceOptions, allowUnsigned },
  bracket: exclusively,
  plan: async (values, tools: Tools) => {
    tools.audit.undertake({ event: 'mount', subject: { version: values.version } });
    const host = await gatherHost(tools.layout);
    if (values.version === undefined) {
      tools.audit.undertake({ event: 'mount', subject: { version: host.active?.version } });
      return planMountActive(host);
    }
    const facts = await gatherReceive(tools, values.version, sourcesOf(values));
    specifyRelease(tools, facts);
    const receiving = planReceive(facts, values);
    if (receiving.steps.length === 0) {
      const components = await readComponents(tools.layout.version(values.version));
      return planMountVersion(host, values.version, components, tools.now());
    }
    const staging = {
      kind: 'stage-received' as const,
      says: `mount ${values.version} as a staged deployment`,
      version: values.version,
    };
    return { goal: `have ${values.version} mounted`, steps: [...receiving.steps, staging] };
  },
  handlers: (tools) => tools.audit.announcing(mountHandlers(tools)),
});
