import type { Systemctl } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { unitsDown } from '../integrate/bring-up.ts';

/**
 * The simple form of health: a unit that was started and has failed is not healthy.
 * @throws ReceiverError `DEPLOY_UNHEALTHY`
 */
export async function judgeUnits(systemctl: Systemctl, units: readonly string[]): Promise<void> {
  const failed = await unitsDown(systemctl, units);
  if (failed.length === 0) return;
  throw new ReceiverError('DEPLOY_UNHEALTHY', `${failed.join(', ')} failed after the switch`, {
    hint: `Look at: journalctl -u ${failed[0]}`,
  });
}
