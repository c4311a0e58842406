import { plannedCommand } from '@goldstream/cli';
import { isVersion, parseVersion } from '@goldstream/release';
import { demandRoot } from '@goldstream/system';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { planPin, type WritePins } from '../pin/plan-pin.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { demandSnapshot } from '../stage/demand-snapshot.ts';
import { parseSnapshotName } from '../stage/snapshot-name.ts';
import { writePins } from '../state/store-records.ts';

export const pin = plannedCommand({
  name: 'pin',
  summary: 'Keep a version, or a snapshot of a stage, from being pruned',
  examples: [
    'goldstream-receiver pin v1.2.3',
    'goldstream-receiver pin v1.2.3 --remove',
    'goldstream-receiver pin pre-stage-3-20261122-101500',
  ],
  arguments: {
    version: {
      type: 'parsed',
      parse: (text: string): string => parseSnapshotName(text)?.name ?? parseVersion(text),
      placeholder: 'version',
      summary: 'version, or snapshot of a stage, to keep',
    },
  },
  options: { remove: { type: 'boolean', summary: 'let it be pruned again' } },
  bracket: exclusively,
  plan: async (wish, tools: Tools) => {
    const { layout, audit } = tools;
    const { version: name, remove } = wish;
    if (!isVersion(name)) {
      audit.undertake({ event: 'stage', subject: { component: name }, details: { command: remove ? 'unpin' : 'pin' } });
      return planPin(await demandSnapshot(tools, wish), wish);
    }
    audit.undertake({ event: remove ? 'unpin' : 'pin', subject: { version: name } });
    demandRoot();
    await demandPrepared(layout);
    return planPin(await gatherHost(layout), wish);
  },
  handlers: ({ layout, audit }) =>
    audit.announcing<WritePins>({ 'write-pins': async ({ pins }) => writePins(layout, pins) }),
});
