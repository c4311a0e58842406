import type { Runner } from '../runner.ts';

/** A quota group with a limit, and what it lets in. */
export interface QuotaRoom {
  /** `0/256`: level and id, btrfs-quota(8). Level 0 is one subvolume, higher ones are groups of them. */
  readonly group: string;
  /** Bytes until the limit. */
  readonly free: number;
  readonly limit: number;
}

/** The limits that hold for the subvolume at `path`, the tightest first; none where quotas are not enabled. */
export async function quotasOver(runner: Runner, path: string): Promise<readonly QuotaRoom[]> {
  const { exitCode, stdout } = await runner.run(['btrfs', 'qgroup', 'show', '--raw', '-reF', path], { accept: [1] });
  return exitCode === 0 ? parseQgroups(stdout) : [];
}

/** The limited groups in the output of `btrfs qgroup show --raw -re`. */
export function parseQgroups(output: string): readonly QuotaRoom[] {
  const rows = [...output.matchAll(/^(\d+\/\d+)\s+(\d+)\s+(\d+)\s+(\d+|none)\s+(\d+|none)\b/gm)];
  return rows
    .flatMap(([, group = '', referenced, exclusive, maxReferenced, maxExclusive]) =>
      [
        { used: Number(referenced), limit: maxReferenced },
        { used: Number(exclusive), limit: maxExclusive },
      ].flatMap(({ used, limit }) =>
        limit === undefined || limit === 'none'
          ? []
          : [{ group, limit: Number(limit), free: Math.max(0, Number(limit) - used) }],
      ),
    )
    .toSorted((one, other) => one.free - other.free);
}
