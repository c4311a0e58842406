import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { makeHost } from './host.ts';
import { withoutGuard } from './passing-program.ts';
import { medianRatio, renderPairs, type Timed, timed } from './timed.ts';
import type { Workplace } from './workplace.ts';

const MB = 1e6;
const RUN = fileURLToPath(new URL('paths-run.ts', import.meta.url));

/** As in the pump's thread: V8 would keep garbage for longer only because there is room. */
const YOUNG = '--max-semi-space-size=4';

/** What the guard costs: in the deploy pipeline against a pass-through, and memory by the number of paths. */
export async function measureGuard(bench: Bench): Promise<Section> {
  return {
    title: 'guard: the receiver against the same one with a pass-through; memory with a made stream',
    commands: ['goldstream-receiver receive v1.0.0', `node ${YOUNG} paths-run.ts guard|summary|changes|reader PATHS`],
    figures: [...(await pipelineRatios(bench)), ...(await memoryByPaths(bench))],
  };
}

async function pipelineRatios(bench: Bench): Promise<Figure[]> {
  const workshop = await bench.mixed();
  await workshop.release('v1.0.0');
  const unguarded = await withoutGuard(bench.place);
  const [ours, plain]: [Timed[], Timed[]] = [[], []];
  for (let pair = 0; pair <= bench.extent.pairs; pair += 1) {
    bench.say(`guard: pair ${pair}`);
    const [guarded, passed] = [await receiveOn(bench, bench.place), await receiveOn(bench, unguarded)];
    // The first round warms the page cache for both and does not count.
    if (pair === 0) continue;
    ours.push(guarded);
    plain.push(passed);
  }
  const figure = (what: string, key: 'seconds' | 'cpuSeconds'): Figure => {
    const [guarded, passed] = [ours.map((run) => run[key]), plain.map((run) => run[key])];
    const made = renderPairs(guarded, passed);
    return { what, value: medianRatio(guarded, passed), unit: 'ratio', atMost: 1.05, made };
  };
  return [figure('receive ÷ with a pass-through', 'seconds'), figure('processor time of the same', 'cpuSeconds')];
}

/** On a pool of its own, synced before. */
async function receiveOn({ mixed, poolSize }: Bench, place: Workplace): Promise<Timed> {
  const host = await makeHost(place, await mixed(), poolSize);
  try {
    await systemRunner.capture(['sync', '-f', place.directory]);
    return await timed(host.command('receive', 'v1.0.0'));
  } finally {
    await host.remove();
  }
}

async function memoryByPaths({ say }: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [paths, atMost] of [
    [100_000, 64 * MB],
    [1_000_000, 512 * MB],
  ] as const) {
    say(`guard: ${paths} paths`);
    const alone = await peakOf('reader', 1);
    for (const [mode, what] of [
      ['guard', 'the guard'],
      ['summary', 'inspect'],
      ['changes', 'diff'],
    ] as const) {
      const value = (await peakOf(mode, paths)) - alone;
      figures.push({ what: `memory of ${what} for ${paths} paths`, value, unit: 'bytes', atMost });
    }
  }
  return figures;
}

async function peakOf(mode: 'guard' | 'summary' | 'changes' | 'reader', paths: number): Promise<number> {
  // Printed by paths-run.ts itself.
  return Number(await systemRunner.capture([process.execPath, YOUNG, RUN, mode, `${paths}`]));
}
