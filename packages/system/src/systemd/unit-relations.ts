import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/**
 * The units after which systemd starts each of `units`: its own view, in which `Before=` of others, sockets and implied
 * dependencies are counted already (systemd.unit(5)). What only `Requires=` says has no order.
 * @throws SystemError `TOOL_FAILED`
 */
export async function startedAfter(
  runner: Runner,
  units: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (units.length === 0) return new Map();
  const said = await runner.capture(['systemctl', 'show', '--property=After', '--', ...units]);
  const lines = said.split('\n').filter((line) => line !== '');
  if (lines.length !== units.length || !lines.every((line) => line.startsWith('After='))) {
    throw new SystemError('TOOL_FAILED', `systemctl show told of ${lines.length} units, expected ${units.length}`);
  }
  return new Map(units.map((unit, index) => [unit, namesIn(lines[index] ?? '')]));
}

function namesIn(line: string): readonly string[] {
  return line
    .slice('After='.length)
    .split(' ')
    .filter((name) => name !== '');
}

/** The instances of templates that are loaded now. @throws SystemError `TOOL_FAILED` */
export async function loadedInstances(runner: Runner, templates: readonly string[]): Promise<readonly string[]> {
  if (templates.length === 0) return [];
  const patterns = templates.map((template) => template.replace('@.', '@*.'));
  const said = await runner.capture(['systemctl', 'list-units', '--all', '--output=json', '--', ...patterns]);
  const listed: unknown = JSON.parse(said);
  if (Array.isArray(listed) && listed.every(isListed)) return listed.map(({ unit }) => unit);
  throw new SystemError('TOOL_FAILED', 'systemctl list-units printed something else than a list of units');
}

function isListed(value: unknown): value is { readonly unit: string } {
  return typeof value === 'object' && value !== null && 'unit' in value && typeof value.unit === 'string';
}

/** The template of an instance: `getty@tty1.service` → `getty@.service`; undefined for any other unit. */
export function templateOf(unit: string): string | undefined {
  const [, name, suffix] = /^([^@]+@)[^@]+(\.[a-z]+)$/.exec(unit) ?? [];
  return name === undefined || suffix === undefined ? undefined : `${name}${suffix}`;
}
