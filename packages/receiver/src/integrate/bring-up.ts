import { type Systemctl, SystemError } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { orderUnits } from './order-units.ts';

/**
 * Starts or restarts units in the order that systemd knows, and waits until they are up. All of them together: systemd
 * holds each back until those before it are up.
 * @throws ReceiverError `DEPLOY_UNHEALTHY` naming those that are not
 */
export async function bringUp(
  systemctl: Systemctl,
  verb: 'start' | 'restart',
  given: readonly string[],
): Promise<void> {
  const units = orderUnits(given, await systemctl.startedAfter(given));
  await systemctl.resetFailed(units);
  try {
    if (verb === 'restart' && units.some(isSocket)) await restartWithSockets(systemctl, units);
    else await systemctl[verb](units);
  } catch (cause) {
    if (!(cause instanceof SystemError) || cause.code !== 'TOOL_FAILED') throw cause;
    const down = await unitsDown(systemctl, units);
    throw new ReceiverError('DEPLOY_UNHEALTHY', `${(down.length > 0 ? down : units).join(', ')} did not start`, {
      cause,
      hint: `Look at: journalctl -u ${down[0] ?? units[0]}`,
    });
  }
}

/**
 * Down together, then up in order. In one `systemctl restart` a socket may be started again while its service has not
 * stopped yet, and systemd refuses that (“Socket service already active, refusing”).
 */
async function restartWithSockets(systemctl: Systemctl, units: readonly string[]): Promise<void> {
  await systemctl.stop(units.toReversed());
  await systemctl.start(units.filter(isSocket));
  await systemctl.start(units.filter((unit) => !isSocket(unit)));
}

function isSocket(unit: string): boolean {
  return unit.endsWith('.socket');
}

/**
 * The units that failed, or are between a failure and the next attempt (`activating`: whoever waited for their start
 * sees that only there). One that is `inactive` may be a oneshot that is done, or wait for its socket or timer.
 */
export async function unitsDown(systemctl: Systemctl, units: readonly string[]): Promise<readonly string[]> {
  const states = await systemctl.activeStates(units);
  return units.filter((unit) => ['failed', 'activating'].includes(states.get(unit) ?? ''));
}
