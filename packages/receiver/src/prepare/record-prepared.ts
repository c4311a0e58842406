import { acquireLock } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { listKeys, operatorKeyring } from '../trust/held-keys.ts';

/** Records that the host was prepared, what was done, and whose signatures its operator believes now. */
export async function recordPrepared(tools: Tools, did: readonly string[]): Promise<void> {
  const { runner, layout, patience, io, audit } = tools;
  // What gpg cannot read is `check`'s to say.
  const keys = await listKeys(tools, operatorKeyring(tools)).catch(() => []);
  const details = { keys: [...new Set(keys.map(({ primary }) => primary))], did: [...did] };
  await using _lock = await acquireLock(runner, layout.lock, { patience, signal: io.signal });
  await audit.record({ event: 'prepare', subject: {}, outcome: { kind: 'done' }, details });
  await audit.told();
}
