import { parseArgs } from 'node:util';

/** What can be measured, in the order in which it is. */
export const MEASUREMENTS = ['send', 'deploy', 'increment', 'latency', 'memory', 'codec', 'guard', 'github'] as const;

export type Measurement = (typeof MEASUREMENTS)[number];

/** How large and how often. */
export interface Extent {
  /** Pairs of ours and the plain way. */
  readonly pairs: number;
  /** Bytes of mixed data in the streams that are timed. */
  readonly mixedBytes: number;
  /** Bytes of the one file in which one block changes; also the large image of `latency`. */
  readonly largeFileBytes: number;
  /** Bytes of the two streams whose memory is compared. */
  readonly memoryBytes: readonly [small: number, large: number];
  /** How often a command is run whose time alone counts. */
  readonly repeats: number;
}

export interface BenchOptions {
  readonly only: readonly Measurement[];
  readonly extent: Extent;
  /** Where the figures are written as JSON too. */
  readonly json: string | undefined;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const FULL: Extent = {
  pairs: 7,
  mixedBytes: GIB,
  largeFileBytes: GIB,
  memoryBytes: [100_000_000, 4_000_000_000],
  repeats: 15,
};

const QUICK: Extent = {
  pairs: 3,
  mixedBytes: 256 * MIB,
  largeFileBytes: 256 * MIB,
  memoryBytes: [100_000_000, 1_000_000_000],
  repeats: 5,
};

const HELP = `npm run bench -- [--quick] [--only NAME]… [--json FILE]

Measures goldstream against the plain shell way; docs/bench.md says how to read it. Needs root, and 20 GiB in $TMPDIR
(default: /var/tmp).

  --quick      3 pairs of 256 MiB, for trying; the figures are not those that count
  --only NAME  one of ${MEASUREMENTS.join(', ')}; may be repeated
  --json FILE  the figures as JSON too
`;

/** Reads the command line; undefined when help was asked for, and printed. Anything else than options throws. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  const only = values.only.map((name) => {
    const known = MEASUREMENTS.find((it) => it === name);
    if (known === undefined) throw new Error(`"${name}" is no measurement, expected one of ${MEASUREMENTS.join(', ')}`);
    return known;
  });
  return { only: only.length === 0 ? MEASUREMENTS : only, extent: values.quick ? QUICK : FULL, json: values.json };
}
