import type { Handlers } from '@goldstream/plan';
import { writeDurably } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { readWithdrawn, type WithdrawnHere, writeWithdrawn } from '../trust/withdrawn-keys.ts';
import type { KeysStep } from './plan-keys.ts';

/** How each step of `keys` is done. */
export function keysHandlers({ layout, trust }: Tools): Handlers<KeysStep> {
  const told = new Set<string>();
  /** Once for each key, however many files it is in; before it counts, so that no change goes untold. */
  const tell = async (change: 'added' | 'removed', fingerprints: readonly string[]) => {
    for (const fingerprint of fingerprints.filter((one) => !told.has(one))) {
      told.add(fingerprint);
      await trust.tell({ kind: 'operator-key', change, fingerprint });
    }
  };
  return {
    'write-withdrawn': async ({ keys }) => {
      const before = fingerprintsOf(await readWithdrawn(layout));
      const after = fingerprintsOf(keys);
      await tell(
        'removed',
        [...after].filter((one) => !before.has(one)),
      );
      await tell(
        'added',
        [...before].filter((one) => !after.has(one)),
      );
      await writeWithdrawn(layout, keys);
    },
    'write-keyring': async ({ path, content, added, removed }) => {
      await tell('added', added);
      await tell('removed', removed);
      await writeDurably(path, content, 0o644);
    },
  };
}

function fingerprintsOf(keys: readonly WithdrawnHere[]): ReadonlySet<string> {
  return new Set(keys.map(({ fingerprint }) => fingerprint));
}
