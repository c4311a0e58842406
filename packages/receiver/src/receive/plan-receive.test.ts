import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { roomWith } from '../../test/given-room.ts';
import { hostFacts, LAYOUT, NOTHING_ALLOWED, received, release, subvolume } from '../../test/host-facts.ts';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { planReceive } from './plan-receive.ts';

const VERSION: Version = 'v2.0.0';
const SIGNED = { allowUnsigned: false };

const V1 = { version: 'v1.0.0', uuid: 'uuid of v1.0.0', directory: LAYOUT.version('v1.0.0'), policy: undefined };

/** A host that holds v1.0.0 and is asked for v2.0.0, but for what a test says. */
function facts(given: Partial<ReceiveFacts> = {}): ReceiveFacts {
  return {
    host: hostFacts({ received: [received('v1.0.0')] }),
    version: VERSION,
    subvolume: undefined,
    occupied: false,
    incoming: '.incoming-0123456789abcdef',
    input: undefined,
    release: release(VERSION, ['v1.0.0']),
    noRelease: undefined,
    store: 'dir:/srv/releases',
    cached: new Map(),
    parents: [{ version: 'v1.0.0', uuid: 'uuid of v1.0.0' }],
    changed: [],
    room: roomWith(),
    keep: 3,
    newestId: 258,
    allow: NOTHING_ALLOWED,
    machine: undefined,
    ...given,
  };
}

const host = (record: ReturnType<typeof received> | undefined) =>
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
    expect(steps).toContainEqual(
      expect.objectContaining({ source: { kind: 'store', url: `dir:${LAYOUT.cache}` }, parents: [undefined] }),
    );
  });

  it('reads the store when what fetch has kept is not whole', () => {
    const [, incremental] = release(VERSION, ['v1.0.0']).manifest.streams;
    const cached = new Map(incremental?.assets.map(({ name, bytes }) => [name, bytes - 1]));
    const { steps } = planReceive(facts({ cached }), SIGNED);
    expect(steps).toContainEqual(
      expect.objectContaining({ source: { kind: 'store', url: 'dir:/srv/releases' }, parents: [V1] }),
    );
  });

  it('refuses without a store to read from', () => {
    expect(() => planReceive(facts({ store: undefined }), SIGNED)).toThrow(
      refusal('CONFIG_INVALID', 'no store is named'),
    );
  });

  it('refuses for want of space before anything is fetched, and tells both numbers', () => {
    const of = (free: number) => ({ room: roomWith({ data: { free, ratio: 1 } }) });
    expect(() => planReceive(facts(of(1024 ** 2)), SIGNED)).toThrow(
      refusal('RECEIVE_NO_SPACE', new RegExp(`needs .*bytes.*[(]${1024 ** 2} bytes`)),
    );
    expect(kinds(of(64 * 1024 ** 2))).toContain('receive-stream');
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

  it('refuses an unfinished subvolume under the final name', () => {
    const unfinished = { readonly: false, receivedUuid: undefined, sendTransid: undefined };
    for (const wish of [SIGNED, { allowUnsigned: true }]) {
      const given = { host: host(undefined), subvolume: subvolume(VERSION, unfinished) };
      expect(() => planReceive(facts(given), wish)).toThrow(refusal('RECEIVE_SUSPECT', 'did not make'));
    }
  });

  it('refuses a final name that something else has, before anything is fetched', () => {
    expect(() => planReceive(facts({ host: host(undefined), occupied: true }), SIGNED)).toThrow(
      refusal('RECEIVE_SUSPECT', 'is no subvolume'),
    );
  });
});

describe('planReceive of a release that asks for more than the usual', () => {
  const asking = release(VERSION);
  const policy = { ...asking.manifest.policy, setuid: ['bin/su'] };
  const given = { release: { ...asking, manifest: { ...asking.manifest, policy } } };

  it.each([
    ['a stream', {}],
    ['a subvolume that was received by hand', { host: host(undefined), subvolume: subvolume(VERSION) }],
  ])('refuses %s of it before anything is fetched or read, naming path and setting', (_, more) => {
    expect(() => planReceive(facts({ ...given, ...more }), SIGNED)).toThrow(
      expect.objectContaining({
        code: 'RECEIVE_NOT_ALLOWED',
        exitCode: 5,
        message: expect.stringContaining('bin/su'),
        hint: expect.stringContaining('allow.suid: true'),
      }),
    );
  });

  it('lets the guard allow it where the host does', () => {
    const { steps } = planReceive(facts({ ...given, allow: { ...NOTHING_ALLOWED, suid: true } }), SIGNED);
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'receive-stream', policy }));
  });
});

describe('planReceive of a stream that is at hand', () => {
  const assets = (kind: 'full' | 'incremental') =>
    release(VERSION, ['v1.0.0']).manifest.streams.find((stream) => stream.kind === kind)?.assets ?? [];
  const inputOf = (names: readonly string[]) => ({ names, files: names.map((name) => `/media/${name}`) });

  it.each([
    ['full', [undefined]],
    ['incremental', [V1]],
  ] as const)('knows the published assets of the %s stream by their names', (kind, parents) => {
    const input = inputOf(assets(kind).map(({ name }) => name));
    const { steps } = planReceive(facts({ input }), SIGNED);
    expect(steps[1]).toMatchObject({ source: { kind: 'assets', files: input.files }, parents });
  });

  it('takes other files for any stream that this host could take', async () => {
    const plan = planReceive(facts({ input: inputOf(['v2.btrfs']), store: undefined }), SIGNED);
    await expectPlan('receive-from-file', plan);
    expect(plan.steps[1]).toMatchObject({ source: { kind: 'bytes' }, parents: [undefined, V1] });
    expect(planReceive(facts({ input: inputOf(['v2.btrfs']), parents: [] }), SIGNED).steps[1]).toMatchObject({
      parents: [undefined],
    });
  });

  it('takes standard input', async () => {
    const plan = planReceive(facts({ input: inputOf([]) }), { ...SIGNED, timeout: 1000 });
    await expectPlan('receive-from-standard-input', plan);
    expect(plan.steps[1]).toMatchObject({ source: { kind: 'bytes', files: [] }, timeout: 1000 });
  });

  it('refuses an incremental whose parent is not here', () => {
    const input = inputOf(assets('incremental').map(({ name }) => name));
    expect(() => planReceive(facts({ input, parents: [] }), SIGNED)).toThrow(refusal('RECEIVE_NO_STREAM', 'v1.0.0'));
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
