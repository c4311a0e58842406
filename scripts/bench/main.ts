import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { type Bench, makeBench } from './bench.ts';
import { isMissed, type Section } from './figure.ts';
import { measureCodec } from './measure-codec.ts';
import { measureDeploy } from './measure-deploy.ts';
import { measureGithub } from './measure-github.ts';
import { measureGuard } from './measure-guard.ts';
import { measureIncrement } from './measure-increment.ts';
import { measureLatency } from './measure-latency.ts';
import { measureMemory } from './measure-memory.ts';
import { measureSend } from './measure-send.ts';
import { type BenchOptions, type Measurement, readOptions } from './options.ts';
import { renderSections } from './render-sections.ts';
import { interrupted } from './timed.ts';
import { withWorkplace } from './workplace.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

const MEASURE: Readonly<Record<Measurement, (bench: Bench) => Promise<Section>>> = {
  send: measureSend,
  deploy: measureDeploy,
  increment: measureIncrement,
  latency: measureLatency,
  memory: measureMemory,
  codec: measureCodec,
  guard: measureGuard,
  github: measureGithub,
};

async function main({ only, extent, json }: BenchOptions): Promise<void> {
  process.stderr.write('building what is measured\n');
  await systemRunner.capture(['npm', 'run', '--silent', 'build'], { cwd: CHECKOUT });
  const sections = await withWorkplace(CHECKOUT, async (place) => {
    const bench = makeBench(place, extent);
    const measured: Section[] = [];
    for (const measurement of only) measured.push(await MEASURE[measurement](bench));
    return measured;
  });
  const missed = sections.flatMap(({ figures }) => figures.filter(isMissed));
  process.stdout.write(`${renderSections(sections)}\n\n`);
  const load = loadavg()[2]?.toFixed(1);
  process.stdout.write(
    `median of ${extent.pairs} pairs on ${cpus().length} processors, load of the last 15 minutes ${load}; `,
  );
  process.stdout.write(missed.length === 0 ? 'every target is met\n' : `${missed.length} targets are missed\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ extent, sections }, null, 2)}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // On every one: npm hands on the Ctrl-C that a terminal has sent to all already.
  process.on(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}
try {
  const options = readOptions(process.argv.slice(2));
  if (options !== undefined) await main(options);
} catch (error) {
  const { aborted, reason } = interrupted.signal;
  const cause: unknown = aborted ? reason : error;
  process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`);
  process.exitCode = aborted ? 130 : 1;
}
