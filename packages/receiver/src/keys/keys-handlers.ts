import type { Handlers } from '@goldstream/plan';
import { writeDurably } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { writeWithdrawn } from '../trust/withdrawn-keys.ts';
import type { KeysStep } from './plan-keys.ts';

/** How each step of `keys` is done. */
export function keysHandlers({ layout, trust }: Tools): Handlers<KeysStep> {
  return {
    'write-withdrawn': async ({ keys }) => writeWithdrawn(layout, keys),
    'write-keyring': async ({ path, content, added, removed }) => {
      await writeDurably(path, content, 0o644);
      for (const fingerprint of added) await trust.tell({ kind: 'operator-key', change: 'added', fingerprint });
      for (const fingerprint of removed) await trust.tell({ kind: 'operator-key', change: 'removed', fingerprint });
    },
  };
}
