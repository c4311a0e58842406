import { seededRandom } from './seeded-random.ts';
import type { LogEntry } from './write-log.ts';

/** Which instants of a recording are tried. */
export interface ChosenPoints {
  /** How many, spread evenly over the range. */
  readonly count: number;
  /** From this many entries on. Default: the beginning. */
  readonly from?: number;
  /** Up to this many entries. Default: the end. */
  readonly to?: number;
  /** These too, whatever is chosen. */
  readonly also?: readonly number[];
  readonly seed: number;
}

/**
 * Chooses instants at which the power goes, each as the number of log entries that the disk had taken by then, in
 * ascending order. Every second one is an arbitrary entry, so that long transfers are cut anywhere; the others are the
 * last entry before a flush or that flush itself, so that the few requests that make something final are not missed
 * among the many that move data. The same instant can come twice: what is lost at it differs.
 */
export function choosePoints(entries: readonly LogEntry[], chosen: ChosenPoints): readonly number[] {
  const { count, from = 0, to = entries.length, also = [], seed } = chosen;
  const random = seededRandom(seed);
  const edges = entries.flatMap(({ flush }, index) => (flush && index >= from && index < to ? [index, index + 1] : []));
  const points = Array.from({ length: count }, (_, index) => {
    const place = (index + random()) / count;
    const edge = edges[Math.floor(place * edges.length)];
    return index % 2 === 1 && edge !== undefined ? edge : from + Math.floor(place * (to - from + 1));
  });
  return [...points, ...also].sort((a, b) => a - b);
}
