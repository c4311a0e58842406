import type { ChangeUnits, UnitChanges } from './integration-plan.ts';

/** Changes of units as steps, in the two places where they belong. */
export interface UnitSteps {
  /** What stops and is disabled, while its files are still there. */
  readonly first: readonly ChangeUnits[];
  /** Enabled, read again, restarted, started: when all files are as they should be. */
  readonly last: readonly ChangeUnits[];
}

/** Puts changes into order. Unit files are read again once, after the last change and before anything is started. */
export function unitSteps(changes: UnitChanges): UnitSteps {
  const reload: ChangeUnits = { kind: 'reload-units', says: 'read the unit files again', units: [] };
  const change = (verb: 'enable' | 'disable' | 'stop' | 'restart' | 'start'): readonly ChangeUnits[] => {
    const units = changes[verb];
    return units.length === 0 ? [] : [{ kind: `${verb}-units`, says: `${verb} ${units.join(', ')}`, units }];
  };
  return {
    first: [...change('stop'), ...change('disable')],
    last: [...change('enable'), ...(changes.reload ? [reload] : []), ...change('restart'), ...change('start')],
  };
}
