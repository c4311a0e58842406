import { plannedCommand, timeoutOption } from '@goldstream/cli';
import { specifyRelease } from '../audit/specify-release.ts';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherReceive } from '../receive/facts.ts';
import { planReceive } from '../receive/plan-receive.ts';
import { receiveHandlers } from '../receive/receive-handlers.ts';
import { allowUnsigned, from, sourceOptions, sourcesOf, version } from './options.ts';

export const receive = plannedCommand({
  name: 'receive',
  summary: 'Receive a version next to the active one, and nothing more',
  examples: [
    'goldstream-receiver receive v1.3.0',
    'goldstream-receiver receive v1.3.0 --dry-run',
    'goldstream-receiver receive v1.3.0 --from /media/stick/op-dbus-v1.3.0.full.btrfs.zst.part000',
    'ssh builder cat v1.3.0.btrfs | goldstream-receiver receive v1.3.0 --from - --manifest op-dbus-v1.3.0.manifest.json',
  ],
  arguments: { version: { ...version, summary: 'version to receive' } },
  options: { ...sourceOptions, from, timeout: timeoutOption, allowUnsigned },
  bracket: exclusively,
  plan: async (values, tools: Tools) => {
    tools.audit.undertake({ event: 'receive', subject: { version: values.version } });
    const facts = await gatherReceive(tools, values.version, { ...sourcesOf(values), from: values.from });
    specifyRelease(tools, facts);
    return planReceive(facts, values);
  },
  handlers: (tools) => tools.audit.announcing(receiveHandlers(tools)),
  result: async (values) => ({ version: values.version }),
  render: (result) => `${result.version} is received\n`,
});
