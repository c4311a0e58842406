import type { Runner, Running, SpawnOptions } from '../runner.ts';

/** Starts a compressor from stdin to stdout. Level 1–19, all cores, with zstd's own content checksum. */
export function startCompress(runner: Runner, level: number, options: SpawnOptions): Running {
  return runner.spawn(['zstd', `-${level}`, '--threads=0', '--quiet', '--stdout'], options);
}

/** Starts a decompressor from stdin to stdout. Stops with a failure at anything that is not zstd or ends early. */
export function startDecompress(runner: Runner, options: SpawnOptions): Running {
  return runner.spawn(['zstd', '--decompress', '--quiet', '--stdout'], options);
}
