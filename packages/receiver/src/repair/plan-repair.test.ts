import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { roomWith } from '../../test/given-room.ts';
import { deployment, hostFacts, NOTHING_ALLOWED, received, release, subvolume } from '../../test/host-facts.ts';
import type { HostFacts } from '../host/facts.ts';
import { notOk } from '../verify/check.ts';
import { damagedName, parseDamagedName } from './damaged-name.ts';
import type { RepairFacts } from './facts.ts';
import { planRepair } from './plan-repair.ts';

const VERSION = 'v1.0.0';
const WRONG = notOk('wrong', VERSION, 'content', 'cannot be read: EIO: i/o error, read');
const idle = hostFacts({ received: [received(VERSION)] });
const running = hostFacts({ received: [received(VERSION)], deployments: [deployment(1, VERSION)], active: 1 });
const kinds = (given: Partial<RepairFacts>) => planRepair(facts(given)).steps.map(({ kind }) => kind);
const setAsideBefore = (number: number) => {
  const name = parseDamagedName(damagedName(VERSION, number, '0a1b2c3d-0000'));
  if (name === undefined) throw new Error('a name that was made can be read');
  return name;
};

/** A version whose content is wrong, but for what a test says. */
function facts(given: Partial<RepairFacts> = {}): RepairFacts {
  const host: HostFacts = given.host ?? idle;
  return {
    host,
    record: received(VERSION),
    wrong: [WRONG],
    damaged: [],
    receive: {
      host,
      version: VERSION,
      subvolume: subvolume(VERSION, { uuid: '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9' }),
      occupied: false,
      incoming: '.incoming-0123456789abcdef',
      input: undefined,
      release: release(VERSION),
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
    },
    ...given,
  };
}

describe('planRepair', () => {
  it('receives in full, proves every byte, and replaces what is damaged', async () => {
    await expectPlan('repair', planRepair(facts()));
  });

  it('moves what runs on the damaged copy before that is deleted', async () => {
    await expectPlan('repair-active', planRepair(facts({ host: running })));
  });

  it('has nothing to do where nothing is wrong', () => {
    expect(planRepair(facts({ wrong: [], receive: undefined }))).toMatchObject({ steps: [] });
  });

  it('goes on where an earlier repair had to leave a copy', () => {
    const done = { wrong: [], receive: undefined, host: running };
    expect(kinds({ ...done, damaged: [setAsideBefore(1)] })).toEqual(['remove-damaged']);
    // It was interrupted before the deployment moved.
    expect(kinds({ ...done, damaged: [setAsideBefore(2)] })).toEqual(['deploy-received', 'remove-damaged']);
  });

  it('sets nothing aside where nothing is left', () => {
    const gone = hostFacts({ received: [received(VERSION)], present: [] });
    expect(kinds({ host: gone })).toEqual([
      'intend',
      'receive-stream',
      'check-contents',
      'record-received',
      'conclude',
    ]);
  });
});

describe('the name of a damaged copy', () => {
  it('tells version and deployments, and no other name does', () => {
    expect(setAsideBefore(12)).toEqual({ name: '.damaged-v1.0.0-0012-0a1b2c3d', version: VERSION, before: 12 });
    const rc = damagedName('v1.0.0-rc.1', 3, 'ffffffff-');
    expect(parseDamagedName(rc)).toMatchObject({ version: 'v1.0.0-rc.1', before: 3 });
    for (const name of ['v1.0.0', '.incoming-0123456789abcdef', '.damaged-x-0001-0a1b2c3d', '.damaged-v1.0.0']) {
      expect(parseDamagedName(name)).toBeUndefined();
    }
  });
});
