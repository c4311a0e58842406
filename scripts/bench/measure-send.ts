import { rm } from 'node:fs/promises';
import { syncFilesystem, systemRunner } from '@goldstream/system';
import { z } from 'zod';
import type { Bench } from './bench.ts';
import type { Section } from './figure.ts';
import { renderValue } from './render-sections.ts';
import { median, medianRatio, renderPairs, shell, timed } from './timed.ts';
import type { Workshop } from './workshop.ts';

const PLAIN = 'btrfs send --quiet "$SNAPSHOT" | tee >(sha256sum >"$OUT/sha256") | zstd -q -3 -T0 -o "$OUT/plain.zst"';
const SYNC = 'sync -f "$OUT"';

const timedSteps = z.object({ steps: z.array(z.object({ kind: z.string(), milliseconds: z.number() })) });

/** One full `send` against the pipeline that makes the same stream, its SHA-256 and its compressed form. */
export async function measureSend({ extent, mixed, say }: Bench): Promise<Section> {
  const workshop = await mixed();
  const version = 'v1.0.0';
  const env = { SNAPSHOT: workshop.snapshot(version), OUT: workshop.streams };
  const runs = {
    ours: [] as number[],
    plain: [] as number[],
    synced: [] as number[],
  };
  let rawBytes = 0;
  // The first round warms the page cache for both and does not count.
  for (let round = 0; round <= extent.pairs; round += 1) {
    await workshop.forgetStreams(version);
    const ours = await timed(workshop.command('--json', 'send', version));
    rawBytes = rawBytesOf(ours.stdout);
    await workshop.forgetStreams(version);

    const plain = await timed(shell(PLAIN), env);
    const sync = await timed(shell(SYNC), env);
    await rm(`${workshop.streams}/plain.zst`);
    await rm(`${workshop.streams}/sha256`);
    await syncFilesystem(systemRunner, workshop.streams);
    say(
      `send ${round}: ours ${ours.seconds.toFixed(2)} s, plain ${plain.seconds.toFixed(2)} s + sync ${sync.seconds.toFixed(2)} s`,
    );
    if (round === 0) continue;
    runs.ours.push(ours.seconds);
    runs.plain.push(plain.seconds);
    runs.synced.push(plain.seconds + sync.seconds);
  }
  const { proving, signing } = await measureApart(workshop);
  return {
    title: `full send of ${renderValue(rawBytes, 'bytes')} (raw), zstd -3 -T0`,
    commands: ['goldstream-builder send v1.0.0', PLAIN],
    figures: [
      {
        what: 'send ÷ plain',
        value: medianRatio(runs.ours, runs.plain),
        unit: 'ratio',
        atMost: 1,
        made: renderPairs(runs.ours, runs.plain),
      },
      {
        what: 'send ÷ plain and sync -f',
        value: medianRatio(runs.ours, runs.synced),
        unit: 'ratio',
        made: renderPairs(runs.ours, runs.synced),
      },
      { what: 'send, raw', value: rawBytes / median(runs.ours), unit: 'bytes/second' },
      {
        what: 'snapshot and its content digest',
        value: proving,
        unit: 'seconds',
        made: renderValue(rawBytes / proving, 'bytes/second'),
      },
      { what: 'manifest, SHA256SUMS, signatures', value: signing, unit: 'seconds' },
    ],
  };
}

/** What belongs to a release and not to its stream: proving the snapshot, and signing. */
async function measureApart(workshop: Workshop): Promise<{ proving: number; signing: number }> {
  const snapshot = await timed(workshop.command('--json', 'snapshot', 'v1.0.1-proof'));
  await workshop.send('v1.0.0');
  const release = await timed(workshop.command('--json', 'release', 'v1.0.0', '--to', workshop.store));
  return { proving: secondsOf(snapshot.stdout, 'make-snapshot'), signing: secondsOf(release.stdout, 'write-manifest') };
}

function secondsOf(json: string, kind: string): number {
  const { steps } = timedSteps.parse(JSON.parse(json));
  return (steps.find((step) => step.kind === kind)?.milliseconds ?? Number.NaN) / 1000;
}

function rawBytesOf(json: string): number {
  const { result } = z
    .object({ result: z.object({ streams: z.array(z.object({ rawBytes: z.number() })) }) })
    .parse(JSON.parse(json));
  return result.streams[0]?.rawBytes ?? Number.NaN;
}
