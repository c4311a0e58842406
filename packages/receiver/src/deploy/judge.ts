import type { Systemctl } from '@goldstream/system';
import { ReceiverError } from '../error.ts';

/**
 * The simple form of health: a unit that was started and is `failed` is not healthy. One that is `inactive` may be a
 * oneshot that is done, or wait for its socket or timer.
 * @throws ReceiverError `DEPLOY_UNHEALTHY`
 */
export async function judgeUnits(systemctl: Systemctl, units: readonly string[]): Promise<void> {
  const states = await systemctl.activeStates(units);
  const failed = units.filter((unit) => states.get(unit) === 'failed');
  if (failed.length === 0) return;
  throw new ReceiverError('DEPLOY_UNHEALTHY', `${failed.join(', ')} failed after the switch`, {
    hint: `Look at: journalctl -u ${failed[0]}`,
  });
}
