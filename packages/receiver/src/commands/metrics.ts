import { resolve } from 'node:path';
import { query } from '@goldstream/cli';
import { demandRoot, writeAtomically } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { renderExposition } from '../metrics/render-exposition.ts';
import { tellMetrics } from '../metrics/tell-metrics.ts';
import { gatherStatus } from '../status/facts.ts';
import { tellStatus } from '../status/tell-status.ts';
import { PROGRAM_VERSION } from '../version.ts';

export const metrics = query({
  name: 'metrics',
  summary: 'Print what status says as metrics for Prometheus, or write them for node_exporter',
  examples: [
    'goldstream-receiver metrics',
    'goldstream-receiver --app op-dbus metrics --output /var/lib/prometheus/node-exporter/goldstream-op-dbus.prom',
  ],
  options: {
    output: {
      type: 'string',
      placeholder: 'file',
      summary: 'replace this file as a whole, readable by everybody, and print nothing',
    },
  },
  answer: async ({ output }, tools: Tools) => {
    demandRoot();
    const told = tellMetrics(tellStatus(await gatherStatus(tools)), PROGRAM_VERSION);
    if (output !== undefined) await writeAtomically(resolve(output), renderExposition(told));
    return { metrics: told, output: output ?? null };
  },
  render: (answer) => (answer.output === null ? renderExposition(answer.metrics) : ''),
});
