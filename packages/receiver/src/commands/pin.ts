import { plannedCommand } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { planPin, type WritePins } from '../pin/plan-pin.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { writePins } from '../state/store-records.ts';
import { version } from './options.ts';

export const pin = plannedCommand({
  name: 'pin',
  summary: 'Keep a version from being pruned',
  examples: ['goldstream-receiver pin v1.2.3', 'goldstream-receiver pin v1.2.3 --remove'],
  arguments: { version: { ...version, summary: 'version to keep' } },
  options: { remove: { type: 'boolean', summary: 'let it be pruned again' } },
  bracket: exclusively,
  plan: async (wish, { layout, audit }: Tools) => {
    audit.undertake({ event: wish.remove ? 'unpin' : 'pin', subject: { version: wish.version } });
    demandRoot();
    await demandPrepared(layout);
    return planPin(await gatherHost(layout), wish);
  },
  handlers: ({ layout, audit }) =>
    audit.announcing<WritePins>({ 'write-pins': async ({ pins }) => writePins(layout, pins) }),
});
