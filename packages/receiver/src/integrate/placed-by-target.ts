import type { Placed } from '../state/records.ts';

/** Records by the target they are about, in the order given. */
export function placedByTarget(placed: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const byTarget = new Map<string, Placed[]>();
  for (const record of placed) {
    const records = byTarget.get(record.target);
    if (records === undefined) byTarget.set(record.target, [record]);
    else records.push(record);
  }
  return byTarget;
}
