import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { medianRatio, renderPairs } from './timed.ts';

const MB = 1e6;
const RUN = fileURLToPath(new URL('guard-run.ts', import.meta.url));

/** As in the pump's thread: V8 would keep garbage for longer only because there is room. */
const YOUNG = '--max-semi-space-size=4';

/** What the guard costs beside reading alone, from memory: processor time, and memory by the number of paths. */
export async function measureGuard({ extent, say }: Bench): Promise<Section> {
  const figures: Figure[] = [];
  for (const [paths, limit] of [
    [100_000, 64 * MB],
    [1_000_000, 512 * MB],
  ] as const) {
    say(`guard: ${paths} paths`);
    const alone = await run('reader', paths, 0);
    const guarded = await run('guard', paths, 0);
    const value = guarded.peakBytes - alone.peakBytes;
    figures.push({ what: `memory above reading alone, ${paths} paths`, value, unit: 'bytes', atMost: limit });
  }
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < extent.pairs; pair++) {
    say(`guard: pair ${pair + 1}`);
    plain.push((await run('reader', 8000, 256 * 1024)).cpuSeconds);
    ours.push((await run('guard', 8000, 256 * 1024)).cpuSeconds);
  }
  const value = medianRatio(ours, plain);
  const made = renderPairs(ours, plain);
  // Informs only: in the pipeline, which has the target, much else costs processor time too.
  figures.push({ what: 'guard ÷ reading, files of 256 KiB, processor time', value, unit: 'ratio', made });
  return {
    title: 'guard: a made stream from memory',
    commands: [`node ${YOUNG} guard-run.ts guard|reader PATHS`],
    figures,
  };
}

async function run(mode: 'guard' | 'reader', paths: number, fileBytes: number) {
  const node = [process.execPath, YOUNG, RUN, mode, `${paths}`, `${fileBytes}`] as const;
  // Printed by guard-run.ts itself.
  return JSON.parse(await systemRunner.capture(node)) as { readonly cpuSeconds: number; readonly peakBytes: number };
}
