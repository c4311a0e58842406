import type { Placed } from '../state/records.ts';
import type { RemoveFile, RemoveLink } from './integration-plan.ts';
import { placedByTarget } from './placed-by-target.ts';
import { isAsPlaced } from './plan-target.ts';
import type { SystemFacts } from './system-facts.ts';

/** What becomes of the things that the new version has no more. */
export interface Gone {
  readonly steps: readonly (RemoveLink | RemoveFile)[];
  /** Whether systemd has to read its files again afterwards. */
  readonly reload: boolean;
  readonly notes: readonly string[];
}

/** Decides what is removed: what still is exactly as it was placed. What was changed stays and is named. */
export function planGone(placed: readonly Placed[], { targets }: SystemFacts): Gone {
  const steps: (RemoveLink | RemoveFile)[] = [];
  let reload = false;
  const notes: string[] = [];
  for (const [target, records] of placedByTarget(placed)) {
    const facts = targets.get(target);
    if (facts === undefined || facts.found.kind === 'absent' || facts.parent !== 'present') continue;
    const { place, found } = facts;
    const record = records.findLast((one) => isAsPlaced(found, one));
    if (record === undefined) {
      const wasOurs = records.some((one) => one.kind === 'link' || one.sha256 !== undefined);
      if (wasOurs) notes.push(`${target} was changed on this host and is not removed`);
      continue;
    }
    const says = `remove ${target}, which the new version has no more`;
    if (found.kind === 'link') steps.push({ kind: 'remove-link', says, target, place, text: found.text });
    if (found.kind === 'file') {
      const { sha256, mode, uid, gid } = found;
      const directory = record.kind === 'drop-in' ? { ownDirectory: true as const } : {};
      steps.push({ kind: 'remove-file', says, target, place, placed: { sha256, mode, uid, gid }, ...directory });
    }
    if (record.kind === 'unit' || record.kind === 'drop-in') reload = true;
  }
  return { steps, reload, notes };
}
