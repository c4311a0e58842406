import { demandPool } from '../pool/demand-pool.ts';
import { withLock } from '../pool/with-lock.ts';
import type { Tools } from '../tools.ts';

/** Our own home lies in the pool, which must be there; any other home needs neither pool nor root. */
export async function demandHome(tools: Tools): Promise<void> {
  if ((await tools.gpgHome()).kind === 'ours') await demandPool(tools, ['gpg', 'gpgv']);
}

/** Our own home is used by one program at a time, because its agent is ended; a home of the caller's locks itself. */
export async function lockOwnHome(tools: Tools, work: () => Promise<void>): Promise<void> {
  if ((await tools.gpgHome()).kind === 'ours') await withLock(tools, work);
  else await work();
}
