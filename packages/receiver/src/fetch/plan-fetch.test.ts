import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { roomWith } from '../../test/given-room.ts';
import { hostFacts, NOTHING_ALLOWED, release, subvolume } from '../../test/host-facts.ts';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from '../receive/facts.ts';
import { planFetch } from './plan-fetch.ts';

const MIB = 1024 ** 2;

function facts(given: Partial<ReceiveFacts> = {}): ReceiveFacts {
  return {
    host: hostFacts(),
    version: 'v2.0.0',
    subvolume: undefined,
    occupied: false,
    incoming: '.incoming-0123456789abcdef',
    input: undefined,
    release: release('v2.0.0', ['v1.0.0']),
    noRelease: undefined,
    store: 'dir:/srv/releases',
    cached: new Map(),
    parents: [],
    changed: [],
    room: roomWith(),
    keep: 3,
    newestId: 258,
    allow: NOTHING_ALLOWED,
    machine: undefined,
    ...given,
  };
}

describe('planFetch', () => {
  it('fetches the full stream when no parent is here', async () => {
    await expectPlan('fetch-full', planFetch(facts()));
  });

  it('fetches the incremental stream on a parent that is here', () => {
    const { steps } = planFetch(facts({ parents: [{ version: 'v1.0.0', uuid: 'uuid of v1.0.0' }] }));
    expect(steps).toMatchObject([
      { stream: { kind: 'incremental' }, from: 'dir:/srv/releases', to: '/var/lib/app/cache' },
    ]);
  });

  it('refuses for want of space, and tells both numbers', () => {
    expect(() => planFetch(facts({ room: roomWith({ data: { free: 40 * MIB - 1, ratio: 1 } }) }))).toThrow(
      expect.objectContaining({
        code: 'RECEIVE_NO_SPACE',
        message: expect.stringMatching(`${40 * MIB} bytes.*[(]${40 * MIB - 1} bytes`),
      }),
    );
    expect(planFetch(facts({ room: roomWith({ data: { free: 40 * MIB, ratio: 1 } }) })).steps).toHaveLength(1);
  });

  it('has nothing to do for a version that is received already', () => {
    const plan = planFetch(facts({ release: undefined, store: undefined, subvolume: subvolume('v2.0.0') }));
    expect(plan).toMatchObject({ steps: [], notes: ['v2.0.0 is received already'] });
  });

  it('passes on why there is no release', () => {
    const noRelease = new ReceiverError('RECEIVE_NO_STREAM', 'the store is empty');
    expect(() => planFetch(facts({ release: undefined, noRelease }))).toThrow(noRelease);
  });
});
