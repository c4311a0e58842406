/** What a snapshot of a stage was made for. */
export type SnapshotPurpose = 'pre-stage' | 'post-stage' | 'pre-rollback';

/** What the name of a snapshot says. */
export interface SnapshotName {
  readonly name: string;
  readonly purpose: SnapshotPurpose;
  /** ISO 8601, in UTC. */
  readonly at: string;
}

const NAME = /^(pre-stage|post-stage|pre-rollback-stage)-\d+-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d+)?$/;

/**
 * The name of a new snapshot: `pre-stage-3-20261122-101500`, in UTC; `…-2` when that is taken within one second.
 * @param number of the stage
 */
export function snapshotName(purpose: SnapshotPurpose, number: number, now: Date, taken: ReadonlySet<string>): string {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const kind = purpose === 'pre-rollback' ? 'pre-rollback-stage' : purpose;
  const name = `${kind}-${number}-${date}-${time}`;
  for (let again = 1; ; again += 1) {
    const candidate = again === 1 ? name : `${name}-${again}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** What a name says; undefined for one that this program does not give. */
export function parseSnapshotName(name: string): SnapshotName | undefined {
  const [, kind, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const purpose = kind === 'pre-rollback-stage' ? 'pre-rollback' : (kind as 'pre-stage' | 'post-stage'); // Of the pattern.
  return { name, purpose, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` };
}

/** Orders names by time, and those of one second by their counter. */
export function byTime(one: Pick<SnapshotName, 'name' | 'at'>, other: Pick<SnapshotName, 'name' | 'at'>): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return counterOf(one.name) - counterOf(other.name) || (one.name < other.name ? -1 : 1);
}

function counterOf(name: string): number {
  return Number(/-\d{6}-(\d+)$/.exec(name)?.[1] ?? 1);
}
