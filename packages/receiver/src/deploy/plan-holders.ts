import { ReceiverError } from '../error.ts';
import type { DeployFacts } from './facts.ts';
import type { DeployStep } from './step.ts';

/**
 * The units that write to the old mount, to be stopped before it becomes read-only. Whoever writes and is no service
 * (a login session, a program started by hand) is named, and the plan is refused.
 * @throws ReceiverError `DEPLOY_WRITERS`
 */
export function writingUnits({ holders }: DeployFacts): readonly string[] {
  const writers = holders.filter(({ writes }) => writes);
  const others = writers.filter(({ unit }) => !isService(unit));
  if (others.length > 0) {
    const named = others.map(({ pid, command }) => `${command} (process ${pid})`).join(', ');
    throw new ReceiverError('DEPLOY_WRITERS', `files of the active deployment are open for writing in ${named}`, {
      hint: 'End these processes, then run the command again; nothing was changed.',
    });
  }
  return unitsOf(writers);
}

/** The services that run from the old mount: they start again from the new one. */
export function holdingUnits({ holders }: DeployFacts): readonly string[] {
  return unitsOf(holders.filter(({ unit }) => isService(unit)));
}

/** Stops them. */
export function stopSteps(units: readonly string[]): DeployStep[] {
  if (units.length === 0) return [];
  const says = `stop ${units.join(', ')}, which ${units.length === 1 ? 'writes' : 'write'} to the active deployment`;
  return [{ kind: 'stop-units', says, units }];
}

/** A service of the system, not the manager of somebody's login. */
export function isService(unit: string | undefined): boolean {
  return unit?.endsWith('.service') === true && !unit.startsWith('user@');
}

function unitsOf(processes: DeployFacts['holders']): readonly string[] {
  return [...new Set(processes.flatMap(({ unit }) => (unit === undefined ? [] : [unit])))].sort();
}
