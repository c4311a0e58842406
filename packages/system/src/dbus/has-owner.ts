import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** Whom to ask, and for how long. */
export interface BusQuestion {
  /** How long the bus may take to answer. Milliseconds. */
  readonly timeoutMs: number;
  /** Address of another bus than the system's. */
  readonly address?: string;
  readonly signal?: AbortSignal;
}

/**
 * Whether somebody owns a name on the system bus. Starts nothing: a service that the bus could start has no owner until
 * somebody needs it (`NameHasOwner`, D-Bus specification, “Message Bus Messages”).
 * @throws SystemError `TOOL_FAILED` when no bus answers in time, or not as expected; `TOOL_MISSING`
 */
export async function hasOwner(
  runner: Runner,
  name: string,
  { timeoutMs, address, signal }: BusQuestion,
): Promise<boolean> {
  const bus = address === undefined ? '--system' : `--address=${address}`;
  const whom = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner'] as const;
  const said = await runner.capture(
    ['busctl', bus, '--json=short', `--timeout=${timeoutMs}ms`, 'call', ...whom, 's', name],
    signal === undefined ? {} : { signal },
  );
  const [, answer] = /^\{"type":"b","data":\[(true|false)\]\}$/.exec(said.trim()) ?? [];
  if (answer !== undefined) return answer === 'true';
  throw new SystemError('TOOL_FAILED', `busctl answered ${JSON.stringify(said.slice(0, 200))}, expected a boolean`);
}
