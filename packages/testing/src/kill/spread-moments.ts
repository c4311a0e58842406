import { seededRandom } from '../crash/seeded-random.ts';
import type { SeenMoment } from './moment.ts';

/**
 * Chooses `count` moments of a run whose steps are as far from each other as can be, in the order of the run. Every
 * second one is the beginning of its step, the others are anywhere within theirs. What is before the first step only
 * looks, and has none.
 */
export function spreadMoments(
  moments: readonly SeenMoment[],
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly SeenMoment[] {
  const random = seededRandom(seed);
  const steps = [...new Set(moments.map(({ step }) => step))].filter((step) => step > 0);
  return Array.from({ length: count }, (_, index) => {
    const step = steps[Math.floor(((index + 0.5) / count) * steps.length)];
    const [first, ...others] = moments.filter((moment) => moment.step === step);
    const within = others[Math.floor(random() * others.length)];
    return index % 2 === 0 ? (within ?? first) : first;
  }).filter((moment) => moment !== undefined);
}
