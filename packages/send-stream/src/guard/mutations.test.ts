import { LONG_RUN } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../fixtures/send-stream/malformed/catalogue.ts';
import { TAKEN_BY_PLAIN_RECEIVE } from '../../../../fixtures/send-stream/malformed/plain-receive.ts';
import { PARENT_STREAM } from '../../../../fixtures/send-stream/malformed/setup.ts';
import {
  NAME,
  PARENT_NAME,
  PARENT_TRANSID,
  PARENT_UUID,
  TRANSID,
  UUID,
} from '../../../../fixtures/send-stream/malformed/world.ts';
import { chunked } from '../../test/chunking.ts';
import { expectationOf, refusalOf } from '../../test/guarding.ts';
import { type Outcome, runInModel } from '../../test/mutations/kernel-model.ts';
import { mutate } from '../../test/mutations/mutate.ts';
import { dice } from '../../test/random-operations.ts';
import { RECORDED, type Recorded, recorded } from '../../test/recorded.ts';
import { type GuardExpectation, type ParentLookup, SendStreamError } from '../index.ts';

/*
 * Recorded streams, changed at random, against the guard. What is claimed of each:
 *
 *  1. The guard ends, by passing it or by a `SendStreamError`, in whatever chunks it comes. What it hands on is the
 *     stream itself, byte for byte, up to some command.
 *  2. What it handed on, all of it or the part before a refusal, does no harm: run in a model of the kernel that shares
 *     no code with the guard and trusts as `btrfs receive` does, no command follows a symlink or `..`, touches what is
 *     not of the snapshot, makes what needs a privilege, or makes another snapshot than the expected one. (The part
 *     before a refusal matters as much: `btrfs receive` has obeyed it by then.)
 *  3. A stream whose *bytes* were damaged, CRCs not made again, passes only if it means the same: the model ends with
 *     the same tree as after the original. (The version in the header has no CRC, so some do.)
 *
 * Not claimed, because it is not so: that a stream with changed *commands* and right CRCs passes only if it means the
 * same. Another byte in a file, another harmless mode, a command left out make a sound stream of another tree, and
 * nothing in a stream could tell. That is what digests in the signed manifest are for: of the chunks that are fetched,
 * of the raw stream that comes another way, and of the finished tree (packages/transfer, `mutated-streams`).
 */

const COUNT = LONG_RUN ? 20_000 : 2_000;
/** Any number; to repeat a run, the one that it printed. */
const SEED = Number(process.env['GOLDSTREAM_MUTATION_SEED'] || Math.floor(Math.random() * 2 ** 31));

describe('a recorded stream, changed at random', () => {
  const originals = chain();

  it.each(originals)('passes as it was recorded: $name', ({ stream, expected, outcome }) => {
    expect(refusalOf(expected, [stream]).error).toBeUndefined();
    expect(outcome).toMatchObject({ finished: true, harm: [] });
  });

  it(`does no harm in ${COUNT} ways, and means the same where only bytes were damaged`, { timeout: 900_000 }, () => {
    console.log(`GOLDSTREAM_MUTATION_SEED=${SEED}`);
    const others = RECORDED.map(recorded);
    const tally = { refused: 0, passed: 0 };
    for (let number = 0; number < COUNT; number++) {
      const roll = dice(SEED + number);
      // There is no fewer than one original.
      const { name, stream, expected, parent, outcome } = originals[number % originals.length] as Original;
      const mutant = mutate(stream, others, roll);
      const what = `seed ${SEED}, number ${number}, ${name}: ${mutant.says}`;
      const chunks = chunked(mutant.bytes, [1 + roll(roll(2) === 0 ? 64 : mutant.bytes.length + 1)]);
      const { error, passed } = refusalOf(expected, chunks);

      expect(passed.equals(mutant.bytes.subarray(0, passed.length)), what).toBe(true);
      const after = runInModel(passed, modelOf(expected), parent);
      expect(after.harm, what).toEqual([]);
      if (error === undefined) {
        tally.passed += 1;
        expect(passed.length, what).toBe(mutant.bytes.length);
        if (mutant.of === 'bytes') expect(after.tree, what).toEqual(outcome.tree);
      } else {
        tally.refused += 1;
        expect(error, what).toBeInstanceOf(SendStreamError);
        expect(after.finished, what).toBe(false);
      }
    }
    console.log(tally);
    // Mutation that is always refused at the first look would test nothing.
    expect(tally.passed).toBeGreaterThan(COUNT / 100);
    expect(tally.refused).toBeGreaterThan(COUNT / 4);
  });
});

describe('the model that judges', () => {
  it('sees the harm of every stream of the catalogue that takes plain btrfs receive out of the snapshot', () => {
    const expected = { name: NAME, uuid: UUID, transid: TRANSID };
    const parentOutcome = runInModel(PARENT_STREAM, { name: PARENT_NAME, uuid: PARENT_UUID, transid: PARENT_TRANSID });
    expect(parentOutcome).toMatchObject({ finished: true, harm: [] });
    const harmful = CATALOGUE.filter(({ name }) => (TAKEN_BY_PLAIN_RECEIVE[name] ?? []).length > 0);
    const unseen = harmful.filter(({ stream, kind }) => {
      const on = kind === 'full' ? expected : { ...expected, parentUuid: PARENT_UUID };
      return runInModel(stream, on, kind === 'full' ? undefined : parentOutcome).harm.length === 0;
    });
    expect(unseen.map(({ name }) => name)).toEqual([]);
    expect(harmful.length).toBeGreaterThan(80);
  });
});

interface Original {
  readonly name: Recorded;
  readonly stream: Uint8Array;
  readonly expected: GuardExpectation;
  readonly parent: Outcome | undefined;
  readonly outcome: Outcome;
}

/** Each recorded stream on the one before it. */
function chain(): readonly Original[] {
  const originals: Original[] = [];
  let parent: Outcome | undefined;
  for (const name of ['full', 'incremental', 'incremental-proto-2'] as const) {
    const stream = recorded(name);
    const expected = { ...expectationOf(name), parent: parent && lookupIn(parent) };
    const outcome = runInModel(stream, modelOf(expected), parent);
    originals.push({ name, stream, expected, parent, outcome });
    parent = outcome;
  }
  return originals;
}

function lookupIn({ kinds }: Outcome): ParentLookup {
  return { find: (path) => kinds.get(Buffer.from(path).toString('latin1')) };
}

function modelOf({ name = '', uuid = '', transid = 0n, parentUuid }: GuardExpectation) {
  return { name, uuid, transid, parentUuid };
}
