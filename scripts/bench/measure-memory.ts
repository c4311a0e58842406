import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { makeHost } from './host.ts';
import { makeFile } from './made-data.ts';
import { renderValue } from './render-sections.ts';
import { peakMemory } from './timed.ts';
import { makeWorkshop } from './workshop.ts';

const FILE_BYTES = 64 * 1024 ** 2;
const LIMIT = 200e6;

/** The largest memory of either program itself, for a small and a large stream. */
export async function measureMemory(bench: Bench): Promise<Section> {
  const [small, large] = bench.extent.memoryBytes;
  const peaks = [await peaksFor(bench, small), await peaksFor(bench, large)];
  const figures = [small, large].flatMap((bytes, index) =>
    Object.entries(peaks[index] ?? {}).map(
      ([what, value]): Figure => ({
        what: `${what}, ${renderValue(bytes, 'bytes')}`,
        value,
        unit: 'bytes',
        atMost: LIMIT,
      }),
    ),
  );
  return {
    title: 'memory: largest resident set of the process itself (VmHWM; its threads are in it, its children are not)',
    commands: ['goldstream-builder golden update | snapshot | release', 'goldstream-receiver receive'],
    figures,
  };
}

async function peaksFor(bench: Bench, bytes: number): Promise<Record<string, number>> {
  bench.say(`memory: ${renderValue(bytes, 'bytes')}`);
  const workshop = await makeWorkshop(bench.place, `memory${bytes}`, {
    level: 1,
    poolSize: bench.poolSize,
    fill: async (made) => {
      for (let at = 0; at < bytes; at += FILE_BYTES) {
        await makeFile(join(made, `file${at}`), Math.min(FILE_BYTES, bytes - at), at / FILE_BYTES);
      }
    },
  });
  const update = await peakMemory(workshop.command('golden', 'update'));
  // From here on the recipe is not read any more.
  await rm(workshop.made, { recursive: true });
  const snapshot = await peakMemory(workshop.command('snapshot', 'v1.0.0'));
  const release = await peakMemory(workshop.command('release', 'v1.0.0', '--to', workshop.store));
  const host = await makeHost(bench.place, workshop, bench.poolSize);
  try {
    const receive = await peakMemory(host.command('receive', 'v1.0.0'));
    return { 'golden update': update, snapshot, 'send and release': release, receive };
  } finally {
    await host.remove();
    await workshop.remove();
  }
}
