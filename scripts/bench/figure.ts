/** One line of the table. */
export interface Figure {
  /** What was measured, in a few words. */
  readonly what: string;
  readonly value: number;
  readonly unit: 'ratio' | 'bytes' | 'seconds' | 'bytes/second' | '/second';
  /** The largest value that is good enough; without one the figure only informs. */
  readonly atMost?: number;
  /** The smallest value that is good enough, where more is better. */
  readonly atLeast?: number;
  /** What it is made of, such as the two medians of a ratio. */
  readonly made?: string;
}

/** A group of figures and the exact commands behind them. */
export interface Section {
  readonly title: string;
  readonly commands: readonly string[];
  readonly figures: readonly Figure[];
}

/** Whether the figure has a target and misses it. */
export function isMissed({ value, atMost, atLeast }: Figure): boolean {
  // Not a number is no value that is good enough.
  return (atMost !== undefined && !(value <= atMost)) || (atLeast !== undefined && !(value >= atLeast));
}
