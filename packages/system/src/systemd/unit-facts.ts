import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** A unit as systemd's manager sees it now; the words are those of org.freedesktop.systemd1(5). */
export interface UnitFacts {
  /** As it was asked for. */
  readonly unit: string;
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`, … */
  readonly loadState: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, … */
  readonly activeState: string;
  /** What that means for a unit of its type: `running`, `exited`, `auto-restart`, `listening`, … */
  readonly subState: string;
  /** How it ended last: `success`, `exit-code`, `timeout`, … */
  readonly result: string;
  /** Of a service: `notify`, `oneshot`, …; undefined for units of other types. */
  readonly serviceType: string | undefined;
  /** How often systemd started it again by itself since somebody started it. */
  readonly restarts: number;
  /** Sockets, timers and paths that start it. */
  readonly triggeredBy: readonly string[];
  /**
   * Whether its conditions (`Condition…=`) were looked at and not met, so that it was left out. Not known of a unit that
   * nothing refers to: systemd forgets those when they end.
   */
  readonly skipped: boolean;
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'Type',
  'NRestarts',
  'TriggeredBy',
  'ConditionResult',
  'ConditionTimestampMonotonic',
];

/**
 * What the manager says of units, in the order given, in one run of systemctl(1). Only where systemd runs.
 * @throws SystemError `TOOL_FAILED` when the manager does not answer, or not as expected
 */
export async function unitFacts(
  runner: Runner,
  units: readonly string[],
  signal?: AbortSignal,
): Promise<readonly UnitFacts[]> {
  if (units.length === 0) return [];
  const command = ['systemctl', 'show', `--property=${PROPERTIES.join(',')}`, '--', ...units] as const;
  const said = await runner.capture(command, signal === undefined ? {} : { signal });
  const blocks = said.trimEnd().split('\n\n');
  if (blocks.length !== units.length) {
    throw new SystemError('TOOL_FAILED', `systemctl show told of ${blocks.length} units, expected ${units.length}`);
  }
  return units.map((unit, index) => unitIn(unit, blocks[index] ?? ''));
}

function unitIn(unit: string, block: string): UnitFacts {
  const values = new Map(block.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]));
  const demand = (property: string): string => {
    const value = values.get(property);
    if (value !== undefined && value !== '') return value;
    throw new SystemError('TOOL_FAILED', `systemctl show says nothing of ${property} of ${unit}`);
  };
  return {
    unit,
    loadState: demand('LoadState'),
    activeState: demand('ActiveState'),
    subState: demand('SubState'),
    // Targets and devices have none, and what was never loaded has no type of service.
    result: values.get('Result') ?? 'success',
    serviceType: values.get('Type') || undefined,
    restarts: Number(values.get('NRestarts') ?? 0),
    triggeredBy: (values.get('TriggeredBy') ?? '').split(' ').filter((name) => name !== ''),
    skipped: values.get('ConditionResult') === 'no' && isAfterBoot(values.get('ConditionTimestampMonotonic')),
  };
}

/** 0: never. */
function isAfterBoot(timestamp: string | undefined): boolean {
  return timestamp !== undefined && timestamp !== '' && timestamp !== '0';
}
