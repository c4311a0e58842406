import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { CATALOGUE } from '../../../fixtures/send-stream/malformed/catalogue.ts';
import { TAKEN_BY_PLAIN_RECEIVE } from '../../../fixtures/send-stream/malformed/plain-receive.ts';
import { SOUND_FULL, SOUND_INCREMENTAL } from '../../../fixtures/send-stream/malformed/sound.ts';
import { UUID } from '../../../fixtures/send-stream/malformed/world.ts';
import { withCatalogueHost } from './catalogue-host.ts';
import { receiveAsSigned } from './received-as-signed.ts';

/** Some three hundred receives, each looked at from all sides. */
const LONG = { timeout: 900_000 };

describe('every stream of the catalogue', () => {
  btrfsTest('is refused by the pipeline, and changes nothing on the filesystem', LONG, async ({ btrfs }) => {
    const seen: Record<string, unknown> = {};
    await withCatalogueHost(btrfs, async ({ into, watch }) => {
      for (const quirk of CATALOGUE) {
        const { result, made, did } = await watch(() => receiveAsSigned(quirk, into));
        // A subvolume that was begun is the caller's to remove, which knows that it is its own: it is unfinished.
        const finished = made !== undefined && (made.readonly || made.receivedUuid !== undefined);
        seen[quirk.name] = { result, finished, did };
      }
    });
    const expected = CATALOGUE.map(({ name, code }) => {
      const category = code.startsWith('GUARD_') ? 'trust' : 'input';
      return [name, { result: { code, category }, finished: false, did: [] }];
    });
    expect(seen).toEqual(Object.fromEntries(expected));
  });

  btrfsTest('does with plain btrfs receive what the list says, sealed in', LONG, async ({ btrfs }) => {
    const seen: Record<string, readonly string[]> = {};
    await withCatalogueHost(btrfs, async ({ receivePlainly, watch }) => {
      for (const { name, stream } of CATALOGUE) {
        const { result, did } = await watch(() => receivePlainly(stream));
        if (result === 0 || did.length > 0) seen[name] = did;
      }
    });
    expect(seen).toEqual(TAKEN_BY_PLAIN_RECEIVE);
  });
});

describe('a sound stream of the same kind', () => {
  btrfsTest.for([
    ['full', SOUND_FULL],
    ['incremental', SOUND_INCREMENTAL],
  ] as const)('is received by both: %s', async ([kind, stream], { btrfs }) => {
    await withCatalogueHost(btrfs, async ({ into, receivePlainly, watch }) => {
      const made = { readonly: true, receivedUuid: UUID };
      expect(await watch(() => receiveAsSigned({ kind, stream }, into))).toMatchObject({
        result: 'received',
        made,
        did: [],
      });
      expect(await watch(() => receivePlainly(stream))).toMatchObject({ result: 0, made, did: [] });
    });
  });
});
