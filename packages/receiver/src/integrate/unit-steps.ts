import type { ChangeUnits, UnitChanges } from './integration-plan.ts';

/** Changes of units as steps, in the three places where they belong. */
export interface UnitSteps {
  readonly after: readonly ChangeUnits[];
  /** While their files are still there. */
  readonly goneFirst: readonly ChangeUnits[];
  /** When their files are not there any more. */
  readonly goneLast: readonly ChangeUnits[];
}

/** @param reloadAtEnd whether unit files are removed on a host where systemd runs */
export function unitSteps(changes: UnitChanges, reloadAtEnd: boolean): UnitSteps {
  const reload: ChangeUnits = { kind: 'reload-units', says: 'read the unit files again', units: [] };
  const change = (verb: 'enable' | 'disable' | 'stop' | 'restart' | 'start'): readonly ChangeUnits[] => {
    const units = changes[verb];
    return units.length === 0 ? [] : [{ kind: `${verb}-units`, says: `${verb} ${units.join(', ')}`, units }];
  };
  return {
    after: [
      ...(changes.reload ? [reload] : []),
      ...change('enable'),
      ...change('stop'),
      ...change('restart'),
      ...change('start'),
    ],
    goneFirst: change('disable'),
    goneLast: reloadAtEnd ? [reload] : [],
  };
}
