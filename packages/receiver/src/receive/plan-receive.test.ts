import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { hostFacts, LAYOUT, NOTHING_ALLOWED, received, release, subvolume } from '../../test/host-facts.ts';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { planReceive } from './plan-receive.ts';

const GIB = 1024 ** 3;
const VERSION: Version = 'v2.0.0';
const SIGNED = { allowUnsigned: false };
const RECEIVING = {
  status: 'receiving',
  version: VERSION,
  since: '2026-11-22T02:00:00.000Z',
  newestIdBefore: 256,
} as const;

/** A host that holds v1.0.0 and is asked for v2.0.0, but for what a test says. */
function facts(given: Partial<ReceiveFacts> = {}): ReceiveFacts {
  return {
    host: hostFacts({ received: [received('v1.0.0')] }),
    version: VERSION,
    subvolume: undefined,
    release: release(VERSION, ['v1.0.0']),
    noRelease: undefined,
    store: 'dir:/srv/releases',
    cached: new Map(),
    parents: [{ version: 'v1.0.0', uuid: 'uuid of v1.0.0' }],
    changed: [],
    free: 10 * GIB,
    newestId: 258,
    allow: NOTHING_ALLOWED,
    machine: undefined,
    ...given,
  };
}

const host = (record: ReturnType<typeof received> | typeof RECEIVING | undefined) =>
  hostFacts({ records: new Map(record ? [[VERSION, record]] : []), present: [VERSION] });
const kinds = (given: Partial<ReceiveFacts>, wish = SIGNED) =>
  planReceive(facts(given), wish).steps.map(({ kind }) => kind);
const refusal = (code: string, message: string | RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('planReceive of a version that is absent', () => {
  it('takes the incremental stream on a parent that the host holds', async () => {
    await expectPlan('receive-incremental', planReceive(facts(), SIGNED));
  });

  it('takes the full stream when a parent was changed on this host, and says so', async () => {
    await expectPlan('receive-full-parent-changed', planReceive(facts({ parents: [], changed: ['v1.0.0'] }), SIGNED));
  });

  it('reads what fetch has kept instead of the store, and needs no store then', () => {
    const [full] = release(VERSION).manifest.streams;
    const cached = new Map(full?.assets.map(({ name, bytes }) => [name, bytes]));
    const { steps } = planReceive(facts({ cached, store: undefined }), SIGNED);
    expect(steps).toContainEqual(expect.objectContaining({ store: `dir:${LAYOUT.cache}`, parent: undefined }));
  });

  it('reads the store when what fetch has kept is not whole', () => {
    const [, incremental] = release(VERSION, ['v1.0.0']).manifest.streams;
    const cached = new Map(incremental?.assets.map(({ name, bytes }) => [name, bytes - 1]));
    const { steps } = planReceive(facts({ cached }), SIGNED);
    expect(steps).toContainEqual(expect.objectContaining({ store: 'dir:/srv/releases', parent: 'v1.0.0' }));
  });

  it('refuses without a store to read from', () => {
    expect(() => planReceive(facts({ store: undefined }), SIGNED)).toThrow(
      refusal('CONFIG_INVALID', 'no store is named'),
    );
  });

  it('refuses for want of space before anything is fetched, and tells both numbers', () => {
    // 1 MiB of stream, 3 % and 64 MiB.
    const needed = Math.ceil(1.03 * 1024 ** 2) + 64 * 1024 ** 2;
    expect(() => planReceive(facts({ free: needed - 1 }), SIGNED)).toThrow(
      refusal('RECEIVE_NO_SPACE', new RegExp(`${needed} bytes.*[(]${needed - 1} bytes`)),
    );
    expect(kinds({ free: needed })).toEqual(['note-receiving', 'receive-stream', 'record-received']);
  });

  it('passes on why there is no release', () => {
    const noRelease = new ReceiverError('RECEIVE_UNSIGNED', 'nobody signed it');
    expect(() => planReceive(facts({ release: undefined, noRelease }), SIGNED)).toThrow(noRelease);
    expect(() => planReceive(facts({ release: undefined }), SIGNED)).toThrow(refusal('RECEIVE_NO_STREAM', VERSION));
  });
});

describe('planReceive of a version that is there', () => {
  it('has nothing to do when it was received', () => {
    const plan = planReceive(facts({ host: host(received(VERSION)), subvolume: subvolume(VERSION) }), SIGNED);
    expect(plan).toMatchObject({ steps: [], notes: ['v2.0.0 was received 2026-11-21T00:00:00.000Z'] });
  });

  it('receives it again when its record is there and its subvolume is not', () => {
    expect(kinds({ host: host(received(VERSION)) })).toContain('receive-stream');
  });

  it('removes its own unfinished work, also when that looks finished, and receives again', async () => {
    const given = { host: host(RECEIVING), subvolume: subvolume(VERSION, { id: 257 }) };
    await expectPlan('receive-after-interruption', planReceive(facts(given), SIGNED));
    const { steps } = planReceive(facts(given), SIGNED);
    expect(steps[0]).toMatchObject({ path: LAYOUT.version(VERSION), uuid: `subvolume of ${VERSION}` });
  });

  it.each([
    ['was there before ours began', RECEIVING, { id: 256 }],
    ['nobody noted', undefined, {}],
  ])('refuses an unfinished subvolume that %s', (_, record, differing) => {
    const unfinished = { readonly: false, receivedUuid: undefined, sendTransid: undefined, ...differing };
    for (const wish of [SIGNED, { allowUnsigned: true }]) {
      expect(() => planReceive(facts({ host: host(record), subvolume: subvolume(VERSION, unfinished) }), wish)).toThrow(
        refusal('RECEIVE_SUSPECT', 'did not make'),
      );
    }
  });
});

describe('planReceive of a version that was received by hand', () => {
  const byHand = { host: host(undefined), subvolume: subvolume(VERSION) };

  it('checks every byte of it against the signed manifest', async () => {
    await expectPlan('receive-by-hand', planReceive(facts(byHand), SIGNED));
  });

  it.each([
    ['has another received UUID', { receivedUuid: 'another' }, 'came from another'],
    ['was sent at another transid', { sendTransid: 8 }, 'was sent at transid 8'],
  ])('refuses it when it %s, also unsigned', (_, differing, message) => {
    const given = { ...byHand, subvolume: subvolume(VERSION, differing) };
    for (const wish of [SIGNED, { allowUnsigned: true }]) {
      expect(() => planReceive(facts(given), wish)).toThrow(refusal('RECEIVE_CONTENT_MISMATCH', message));
    }
  });

  it('refuses it without a signed manifest, with the reason why there is none', () => {
    const noRelease = new ReceiverError('RECEIVE_NO_STREAM', 'the store is empty');
    expect(() => planReceive(facts({ ...byHand, release: undefined, noRelease }), SIGNED)).toThrow(
      expect.objectContaining({ code: 'RECEIVE_UNSIGNED', cause: noRelease }),
    );
  });

  it('takes it unproven when that is allowed for this run, and shouts', () => {
    const plan = planReceive(facts({ ...byHand, release: undefined }), { allowUnsigned: true });
    expect(plan.steps).toMatchObject([
      { kind: 'record-unsigned', says: expect.stringContaining('WITHOUT A SIGNATURE') },
    ]);
  });

  it('checks it all the same when unsigned is allowed and a signed manifest is there', () => {
    expect(kinds(byHand, { allowUnsigned: true })).toEqual(['check-contents', 'record-received']);
  });
});
