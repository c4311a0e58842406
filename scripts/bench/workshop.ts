import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, syncFilesystem, systemRunner } from '@goldstream/system';
import { z } from 'zod';
import { timed } from './timed.ts';
import { removeWithPools, type Workplace } from './workplace.ts';

/** A builder with a loopback pool of its own, whose recipe is one directory of made data. */
export interface Workshop {
  /** The application's name, by which workshops do not get in each other's way. */
  readonly name: string;
  /** Where the recipe's data lies; it may be changed between two versions. */
  readonly made: string;
  /** Where releases are published, as a URL. */
  readonly store: string;
  /** The public key of its releases. */
  readonly key: string;
  command(...args: string[]): Command;
  /** `golden update` and `snapshot`. */
  freeze(version: string): Promise<void>;
  /** Publishes a version; tells its streams. */
  release(version: string, ...args: string[]): Promise<readonly SentStream[]>;
  /** Makes streams; tells them. */
  send(version: string, ...args: string[]): Promise<readonly SentStream[]>;
  snapshot(version: string): string;
  /** Directory on the pool where assets are written. */
  readonly streams: string;
  /** Takes the streams of a version away, and waits until the disk is quiet. */
  forgetStreams(version: string): Promise<void>;
  /** Unmounts it and takes its files away. */
  remove(): Promise<void>;
}

/** What the benchmark reads of a stream in the programs' JSON. */
export interface SentStream {
  readonly kind: string;
  readonly rawBytes: number;
}

const sentStreams = z.object({
  result: z.object({ streams: z.array(z.object({ kind: z.string(), rawBytes: z.number() })) }),
});

/** Makes a workshop; `fill` makes the data of the recipe. */
export async function makeWorkshop(
  { directory, builder }: Workplace,
  name: string,
  { level, poolSize, fill }: { level: number; poolSize: string; fill: (made: string) => Promise<void> },
): Promise<Workshop> {
  const base = join(directory, name);
  const [root, recipe, store, key] = [
    join(base, 'root'),
    join(base, 'recipe'),
    join(base, 'store'),
    join(base, 'key.gpg'),
  ];
  const made = join(recipe, 'made');
  for (const path of [root, made, store]) await mkdir(path, { recursive: true });
  await writeFile(
    join(recipe, 'golden.yaml'),
    `application: ${name}\nsources:\n  - directory: made\nlevel: ${level}\n`,
  );
  await fill(made);

  const pool = join(root, 'var/lib/goldstream', name);
  const command = (...args: string[]): Command => [builder, '--root', root, '--recipe', recipe, ...args];
  await timed(command('init', '--size', poolSize));
  await timed(command('keys', 'create'));
  await timed(command('keys', 'export', '--out', key));
  const streamsOf = async (...args: string[]) =>
    sentStreams.parse(JSON.parse((await timed(command('--json', ...args))).stdout)).result.streams;

  return {
    name,
    made,
    store: `dir:${store}`,
    key,
    command,
    streams: join(pool, 'streams'),
    snapshot: (version) => join(pool, 'snapshots', version),
    freeze: async (version) => {
      await timed(command('golden', 'update'));
      await timed(command('snapshot', version));
    },
    release: (version, ...args) => streamsOf('release', version, '--to', `dir:${store}`, ...args),
    send: (version, ...args) => streamsOf('send', version, ...args),
    forgetStreams: async (version) => {
      await rm(join(pool, 'streams', version), { recursive: true, force: true });
      await rm(join(pool, 'state/streams', version), { recursive: true, force: true });
      await syncFilesystem(systemRunner, pool);
    },
    remove: () => removeWithPools(base),
  };
}
