import { seededRandom } from '../crash/seeded-random.ts';
import type { SeenMoment } from './moment.ts';

/**
 * Chooses moments of a run: the beginning of every step, `within` others of each step at random, and the very last
 * one. So every step is struck before, in the middle and after, whatever steps there are.
 */
export function chooseMoments(
  moments: readonly SeenMoment[],
  { within, seed }: { readonly within: number; readonly seed: number },
): readonly SeenMoment[] {
  const random = seededRandom(seed);
  const steps = [...new Set(moments.map(({ step }) => step))];
  const chosen = steps.flatMap((step) => {
    const [first, ...others] = moments.filter((moment) => moment.step === step);
    return [
      ...(first === undefined ? [] : [first]),
      ...others
        .map((moment) => ({ moment, order: random() }))
        .sort((a, b) => a.order - b.order)
        .slice(0, within)
        .map(({ moment }) => moment),
    ];
  });
  const wanted = new Set([...chosen, ...moments.slice(-1)]);
  return moments.filter((moment) => wanted.has(moment));
}
