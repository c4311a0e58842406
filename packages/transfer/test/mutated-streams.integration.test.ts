import { btrfsTest, LONG_RUN } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { SOUND_FULL, SOUND_INCREMENTAL } from '../../../fixtures/send-stream/malformed/sound.ts';
import { mutate } from '../../send-stream/test/mutations/mutate.ts';
import { dice } from '../../send-stream/test/random-operations.ts';
import { withCatalogueHost } from './catalogue-host.ts';
import { receiveAsSigned } from './received-as-signed.ts';

/*
 * A sample of what the guard's own mutation test tries by the thousand, here on a real Btrfs. Each mutant comes twice:
 *
 *  - under the manifest of the sound stream, as by a faulty disk or a man in the middle: nothing is received unless it
 *    is the same, byte for byte;
 *  - under a manifest of its own, as by a publisher who means harm: it may be received, and then changes nothing but
 *    its own snapshot.
 */

const COUNT = LONG_RUN ? 500 : 25;
/** Any number; to repeat a run, the one that it printed. */
const SEED = Number(process.env['GOLDSTREAM_MUTATION_SEED'] || Math.floor(Math.random() * 2 ** 31));
const ORIGINALS = [
  { kind: 'full', stream: SOUND_FULL },
  { kind: 'incremental', stream: SOUND_INCREMENTAL },
] as const;

describe('a sound stream, changed at random', () => {
  btrfsTest(`changes nothing but its own snapshot, in ${COUNT} ways`, { timeout: 1_800_000 }, async ({ btrfs }) => {
    console.log(`GOLDSTREAM_MUTATION_SEED=${SEED}`);
    await withCatalogueHost(btrfs, async ({ into, watch }) => {
      for (let number = 0; number < COUNT; number++) {
        const { kind, stream: sound } = ORIGINALS[number % 2] ?? ORIGINALS[0];
        const others = ORIGINALS.map(({ stream }) => stream);
        const { bytes: stream, says } = mutate(sound, others, dice(SEED + number));
        const what = `seed ${SEED}, number ${number}, ${kind}: ${says}`;

        const altered = await watch(() => receiveAsSigned({ kind, stream, signed: sound }, into));
        expect(altered.did, what).toEqual([]);
        if (!stream.equals(sound)) {
          expect(altered.result, what).toMatchObject({ code: REFUSED });
          expect(altered.made?.receivedUuid, what).toBeUndefined();
        }

        const signed = await watch(() => receiveAsSigned({ kind, stream }, into));
        expect(signed.did, what).toEqual([]);
        // A guard that is right still lets pass what the kernel then refuses: a directory of the parent that is not empty.
        if (signed.result !== 'received') expect(signed.result, what).toMatchObject({ code: ENDED });
      }
    });
  });
});

const REFUSED = expect.stringMatching(/^(SEND_STREAM|GUARD|TRANSFER)_|^TOOL_FAILED$/);
const ENDED = expect.stringMatching(/^(SEND_STREAM|GUARD)_|^TOOL_FAILED$/);
