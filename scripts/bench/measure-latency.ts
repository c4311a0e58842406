import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { makeHost } from './host.ts';
import { makeFile } from './made-data.ts';
import { median, timed } from './timed.ts';
import { makeWorkshop, type Workshop } from './workshop.ts';

const SMALL_BYTES = 1024 ** 2;

const timedSteps = z.object({ steps: z.array(z.object({ kind: z.string(), milliseconds: z.number() })) });

/** What an operator waits for, on a host with a small image and on one with a large one: the figures must be alike. */
export async function measureLatency(bench: Bench): Promise<Section> {
  const small = await makeWorkshop(bench.place, 'small', {
    level: 3,
    poolSize: bench.poolSize,
    fill: (made) => makeFile(join(made, 'file'), SMALL_BYTES),
  });
  await small.freeze('v1.0.0');
  return {
    title: 'what an operator waits for, without services (whole process; switch: that step of rollback)',
    commands: ['goldstream-receiver status', 'goldstream-receiver rollback --json'],
    figures: [
      ...(await waitsOf(bench, small, 'small image')),
      ...(await waitsOf(bench, await bench.large(), `image of ${bench.extent.largeFileBytes / 1024 ** 2} MiB`)),
    ],
  };
}

async function waitsOf(bench: Bench, workshop: Workshop, image: string): Promise<Figure[]> {
  bench.say(`latency: ${image}`);
  await workshop.release('v1.0.0');
  for (const [version, parent] of [
    ['v1.1.0', 'v1.0.0'],
    ['v1.2.0', 'v1.1.0'],
  ] as const) {
    await appendFile(join(workshop.made, 'note'), 'another version\n');
    await workshop.freeze(version);
    await workshop.release(version, '--parent', parent);
  }
  const host = await makeHost(bench.place, workshop, bench.poolSize);
  try {
    await timed(host.command('deploy', 'v1.0.0'));
    const switches: number[] = [];
    const rollback = await repeated(bench.extent.pairs, async () => {
      await timed(host.command('upgrade', 'v1.0.0', 'v1.1.0'));
      const { seconds, stdout } = await timed(host.command('--json', 'rollback'));
      switches.push(switchSeconds(stdout));
      return seconds;
    });
    // As many versions as hosts keep, of which two were built on.
    await timed(host.command('receive', 'v1.2.0'));
    const status = await repeated(bench.extent.repeats, async () => (await timed(host.command('status'))).seconds);
    return [
      { what: `status of three versions, ${image}`, value: median(status), unit: 'seconds', atMost: 0.25 },
      { what: `switch, ${image}`, value: median(switches), unit: 'seconds', atMost: 0.05 },
      { what: `rollback, ${image}`, value: median(rollback), unit: 'seconds', atMost: 0.2 },
    ];
  } finally {
    await host.remove();
  }
}

async function repeated(times: number, measure: () => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let round = 0; round < times; round += 1) results.push(await measure());
  return results;
}

function switchSeconds(json: string): number {
  const { steps } = timedSteps.parse(JSON.parse(json));
  return (steps.find(({ kind }) => kind === 'switch')?.milliseconds ?? Number.NaN) / 1000;
}
