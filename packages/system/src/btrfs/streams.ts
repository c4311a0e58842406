import type { Runner, Running, SpawnOptions } from '../runner.ts';

/** What to send: a read-only snapshot, in full or against a parent that the receiver holds. */
export interface SendRequest {
  readonly snapshot: string;
  readonly parent?: string;
  /** Leaves file contents out: a change list, and the cheapest way to a stream's first command. */
  readonly noData?: boolean;
}

/** Starts `btrfs send`; its stdout carries the stream (protocol 1, which every receiver takes). */
export function startSend(
  runner: Runner,
  { snapshot, parent, noData = false }: SendRequest,
  options: SpawnOptions,
): Running {
  const from = parent === undefined ? [] : ['-p', parent];
  return runner.spawn(['btrfs', 'send', '--quiet', ...(noData ? ['--no-data'] : []), ...from, snapshot], options);
}

/**
 * Starts `btrfs receive`, confined to `into` by chroot. The stream comes on stdin. Its exit code proves nothing:
 * sync, then look at the subvolume.
 */
export function startReceive(runner: Runner, into: string, options: SpawnOptions): Running {
  return runner.spawn(['btrfs', 'receive', '--quiet', '--chroot', into], options);
}
