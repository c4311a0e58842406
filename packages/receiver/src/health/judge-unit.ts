import type { UnitFacts } from '@goldstream/system';
import type { Look } from './look.ts';

const WELL: Look = { kind: 'well' };

/**
 * What a unit's own state says of it, its check aside. Pure.
 *
 * A service that waits for its socket or timer is well, and so is a oneshot that is done, and what its own conditions
 * left out. One that systemd started again since the look before is failing, even if it is active now.
 * @param before the same unit at the look before; undefined at the first
 */
export function judgeUnit(facts: UnitFacts, before: UnitFacts | undefined): Look {
  const { loadState, activeState, subState, result, restarts } = facts;
  if (loadState !== 'loaded') return { kind: 'dead', because: `cannot be started: systemd says ${loadState}` };
  if (activeState === 'failed') return { kind: 'dead', because: `failed (${result})` };
  if (before !== undefined && restarts > before.restarts) {
    return { kind: 'failing', because: 'ended by itself, and systemd started it again' };
  }
  switch (activeState) {
    case 'active':
    case 'reloading':
    case 'refreshing':
      return WELL;
    case 'activating':
      return subState.startsWith('auto-restart')
        ? { kind: 'failing', because: `ended by itself (${result}), and systemd will start it again` }
        : { kind: 'waiting', because: `is still starting (${subState})` };
    case 'inactive':
      return isAtRest(facts) ? WELL : { kind: 'failing', because: 'is not running' };
    default:
      return { kind: 'failing', because: `is ${activeState} (${subState})` };
  }
}

/** Inactive, and as it should be. Whether a oneshot ever ran is not asked: systemd forgets it once one is done. */
function isAtRest({ serviceType, result, triggeredBy, skipped }: UnitFacts): boolean {
  return result === 'success' && (skipped || triggeredBy.length > 0 || serviceType === 'oneshot');
}
