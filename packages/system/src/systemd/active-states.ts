import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/**
 * `ActiveState` of each unit. A template (`a@.service`) is never loaded itself: asked for one, systemctl says nothing of
 * it on stdout, and the lines that follow would be taken for those of other units.
 * @throws SystemError `TOOL_FAILED`
 */
export async function activeStates(runner: Runner, units: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const asked = units.filter((unit) => !unit.includes('@.'));
  const states = asked.length === 0 ? [] : await ask(runner, asked);
  const found = new Map(asked.map((unit, index) => [unit, states[index] ?? 'unknown']));
  return new Map(units.map((unit) => [unit, found.get(unit) ?? 'inactive']));
}

async function ask(runner: Runner, units: readonly string[]): Promise<readonly string[]> {
  // 3 and 4: at least one is not active, or unknown; the states are printed all the same.
  const { stdout } = await runner.run(['systemctl', 'is-active', ...units], { accept: [1, 3, 4] });
  const states = stdout.trim().split('\n');
  if (states.length === units.length) return states;
  throw new SystemError('TOOL_FAILED', `systemctl is-active told of ${states.length} units, expected ${units.length}`);
}
