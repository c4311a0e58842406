/** A figure that a monitoring system keeps, with what it says about each thing. All are gauges. */
export interface Metric {
  /** By Prometheus' rules: base units, `_bytes`, `_seconds`, `_info` for a 1 whose labels tell. */
  readonly name: string;
  readonly help: string;
  /** None: there is nothing of that kind now, and the metric is left out. */
  readonly samples: readonly Sample[];
}

/** One value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
