import { makeFile, makeMixed } from './made-data.ts';
import type { Extent } from './options.ts';
import type { Workplace } from './workplace.ts';
import { makeWorkshop, type Workshop } from './workshop.ts';

/** What a measurement works with. Workshops that several of them need are made once, when they are first asked for. */
export interface Bench {
  readonly place: Workplace;
  readonly extent: Extent;
  /** Size limit of a pool that holds the largest data. The image is sparse. */
  readonly poolSize: string;
  /** Mixed data, frozen as v1.0.0. */
  mixed(): Promise<Workshop>;
  /** One large file, frozen as v1.0.0. */
  large(): Promise<Workshop>;
  say(line: string): void;
}

/** Makes the bench. */
export function makeBench(place: Workplace, extent: Extent): Bench {
  const poolSize = '32GiB';
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const workshop = (name: string, fill: (made: string) => Promise<void>) =>
    once(async () => {
      say(`making the data of ${name}`);
      const made = await makeWorkshop(place, name, { level: 3, poolSize, fill });
      await made.freeze('v1.0.0');
      return made;
    });
  return {
    place,
    extent,
    poolSize,
    say,
    mixed: workshop('mixed', (made) => makeMixed(made, extent.mixedBytes)),
    large: workshop('large', (made) => makeFile(`${made}/file`, extent.largeFileBytes)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
