import { systemRunner } from '@goldstream/system';
import type { Bench } from './bench.ts';
import type { Figure, Section } from './figure.ts';
import { makeHost } from './host.ts';
import { renderValue } from './render-sections.ts';
import { median, medianRatio, renderPairs, shell, timed } from './timed.ts';

const PLAIN = 'zstd -q -dc "$STREAM" | btrfs receive --quiet "$DEPLOY"';
const SYNC = 'sync -f "$DEPLOY"';

const WAYS = ['plain', 'receive', 'deploy'] as const;

type Way = (typeof WAYS)[number];

/** One run of one way on a fresh pool. */
interface Run {
  readonly seconds: number;
  /** With `sync -f` after it. */
  readonly syncedSeconds: number;
  readonly cpuSeconds: number;
  readonly writtenBytes: number;
}

/** From a directory store to a received version, and to a running one, against `zstd | btrfs receive`. */
export async function measureDeploy(bench: Bench): Promise<Section> {
  const workshop = await bench.mixed();
  const [sent] = await workshop.release('v1.0.0');
  const rawBytes = sent?.rawBytes ?? Number.NaN;
  const runs: Record<Way, Run[]> = { plain: [], receive: [], deploy: [] };
  for (let round = 0; round <= bench.extent.pairs; round += 1) {
    for (const way of WAYS) {
      const run = await runOn(bench, way);
      bench.say(`${way} ${round}: ${run.seconds.toFixed(2)} s, with sync -f ${run.syncedSeconds.toFixed(2)} s`);
      // The first round warms the page cache for all and does not count.
      if (round > 0) runs[way].push(run);
    }
  }
  return {
    title: `from a directory store, ${renderValue(rawBytes, 'bytes')} (raw), a fresh pool for each run`,
    commands: ['goldstream-receiver receive v1.0.0', 'goldstream-receiver deploy v1.0.0', PLAIN, SYNC],
    figures: [
      ...ratiosOf('receive', runs),
      ...ratiosOf('deploy', runs),
      ...WAYS.map((way): Figure => {
        const value = median(runs[way].map(({ writtenBytes }) => writtenBytes)) / rawBytes;
        return {
          what: `written to disk by ${way} ÷ raw`,
          value,
          unit: 'ratio',
          ...(way === 'plain' ? {} : { atMost: 1.15 }),
        };
      }),
    ],
  };
}

/** The ratio as people put it, the one that compares like with like (both on disk), and that of the processors' work. */
function ratiosOf(way: Way, runs: Readonly<Record<Way, readonly Run[]>>): Figure[] {
  const each = (of: Way, what: keyof Run) => runs[of].map((run) => run[what]);
  const figure = (what: string, ours: readonly number[], plain: readonly number[]): Figure => ({
    what,
    value: medianRatio(ours, plain),
    unit: 'ratio',
    made: renderPairs(ours, plain),
  });
  const ours = each(way, 'seconds');
  return [
    { ...figure(`${way} ÷ plain`, ours, each('plain', 'seconds')), atMost: 1.1 },
    figure(`${way} ÷ plain and sync -f`, ours, each('plain', 'syncedSeconds')),
    figure(`processor time, ${way} ÷ plain`, each(way, 'cpuSeconds'), each('plain', 'cpuSeconds')),
  ];
}

async function runOn({ place, mixed, poolSize }: Bench, way: Way): Promise<Run> {
  const workshop = await mixed();
  const host = await makeHost(place, workshop, poolSize);
  try {
    await systemRunner.capture(['sync', '-f', place.directory]);
    const env = {
      STREAM: `${workshop.store.slice('dir:'.length)}/v1.0.0/mixed-v1.0.0.full.btrfs.zst`,
      DEPLOY: host.deploy,
    };
    const before = await host.writtenBytes();
    const { seconds, cpuSeconds } =
      way === 'plain' ? await timed(shell(PLAIN), env) : await timed(host.command(way, 'v1.0.0'));
    const sync = await timed(shell(SYNC), env);
    const writtenBytes = (await host.writtenBytes()) - before;
    return { seconds, syncedSeconds: seconds + sync.seconds, cpuSeconds, writtenBytes };
  } finally {
    await host.remove();
  }
}
