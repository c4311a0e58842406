import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { CATALOGUE } from '../../../fixtures/send-stream/malformed/catalogue.ts';
import { TAKEN_BY_PLAIN_RECEIVE } from '../../../fixtures/send-stream/malformed/plain-receive.ts';
import type { Quirk } from '../../../fixtures/send-stream/malformed/quirk.ts';
import { SOUND_FULL, SOUND_INCREMENTAL } from '../../../fixtures/send-stream/malformed/sound.ts';
import { UUID } from '../../../fixtures/send-stream/malformed/world.ts';
import { type Watched, withCatalogueHost } from './catalogue-host.ts';
import { receiveAsSigned } from './received-as-signed.ts';

/** Some three hundred receives, each looked at from all sides. */
const LONG = { timeout: 900_000 };

describe('every stream of the catalogue', () => {
  btrfsTest('is refused by the pipeline, and changes nothing on the filesystem', LONG, async ({ btrfs }) => {
    const seen: Record<string, unknown> = {};
    await withCatalogueHost(btrfs, async ({ into, watchAll }) => {
      const watched = await watchAll(CATALOGUE.map((quirk) => () => receiveAsSigned(quirk, into)));
      for (const [at, { result, made, did }] of watched.entries()) {
        // A subvolume that was begun is the caller's to remove, which knows that it is its own: it is unfinished.
        const finished = made !== undefined && (made.readonly || made.receivedUuid !== undefined);
        seen[CATALOGUE[at]?.name ?? ''] = { result, finished, did };
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
    // Harm is looked for after each; where none is expected, after some.
    const isHarmful = ({ name }: Quirk) => (TAKEN_BY_PLAIN_RECEIVE[name] ?? []).length > 0;
    const [harmful, others] = [CATALOGUE.filter(isHarmful), CATALOGUE.filter((quirk) => !isHarmful(quirk))];
    await withCatalogueHost(btrfs, async ({ receivePlainly, watch, watchAll }) => {
      const note = ({ name }: Quirk, { result, did }: Watched<number>) => {
        if (result === 0 || did.length > 0) seen[name] = did;
      };
      for (const quirk of harmful) note(quirk, await watch(() => receivePlainly(quirk.stream)));
      const watched = await watchAll(
        others.map(
          ({ stream }) =>
            () =>
              receivePlainly(stream),
        ),
      );
      for (const [at, quirk] of others.entries()) {
        const one = watched[at];
        if (one !== undefined) note(quirk, one);
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
