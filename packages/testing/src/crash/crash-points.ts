import { open, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestingError } from '../error.ts';
import { type ChosenPoints, choosePoints } from './choose-points.ts';
import type { Recording } from './logged-disk.ts';
import { mountCopy } from './mounted-copy.ts';
import { Replay } from './replay.ts';
import { seededRandom } from './seeded-random.ts';

/** What a disk has after a power cut. */
export type CrashMode =
  /** Everything that it had taken. */
  | 'prefix'
  /** Everything that was flushed, and a random half of what was not: true power loss. */
  | 'drop';

/** Which power cuts are tried. */
export interface CrashPlan extends ChosenPoints {
  readonly mode: CrashMode;
}

/** A disk after a power cut, mounted where it was. */
export interface CrashPoint {
  /** Says which one it is, for messages: `drop: 412 of 3954 requests, 7 of them lost`. */
  readonly name: string;
  /** How many requests the disk had taken. */
  readonly position: number;
  /** Unmounts it and mounts it again. */
  remount(): Promise<void>;
}

/**
 * Every chosen power cut of a recording, one after the other. What the body of the loop does to the disk concerns no
 * other one. A disk is mounted until the body is done, however it ends, and then gone.
 *
 * @throws TestingError `TESTING_CRASHED_DISK` when a disk cannot be mounted
 *
 * @example
 * for await (const { name } of crashPoints(recording, { mode: 'drop', count: 20, seed: 1 })) …
 */
export async function* crashPoints(recording: Recording, plan: CrashPlan): AsyncGenerator<CrashPoint, void> {
  const { entries, mountPoint, size, directory } = recording;
  const image = join(directory, 'replayed');
  await writeFile(image, '');
  await truncate(image, size);
  try {
    await using log = await open(recording.log);
    await using target = await open(image, 'r+');
    const replay = new Replay(entries, log, target);
    const random = seededRandom(plan.seed);
    const survives = plan.mode === 'prefix' ? () => true : () => random() < 0.5;
    for (const position of choosePoints(entries, plan)) {
      await replay.advanceTo(position);
      let lost = 0;
      const name = () => `${plan.mode}: ${position} of ${entries.length} requests, ${lost} of them lost`;
      await using disk = await mountCopy({
        image,
        mountPoint,
        alter: async (copy) => {
          lost = await replay.applyWaiting(copy, survives);
        },
      }).catch((cause: unknown) => {
        throw new TestingError('TESTING_CRASHED_DISK', `${name()}: cannot be mounted`, { cause });
      });
      yield { name: name(), position, remount: () => disk.remount() };
    }
  } finally {
    await rm(image, { force: true });
  }
}
