import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { awaitDeletedSubvolumes, spaceOf, systemRunner } from '@goldstream/system';
import { LONG_RUN, lookAtRun, type SeenMoment, seededRandom, strikeRun } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { PATIENCE } from './operation.ts';
import { outcomeOf } from './outcome.ts';
import { hostHere } from './receiver-here.ts';
import { demandVerified } from './recovered.ts';

const CYCLES = LONG_RUN ? 1000 : 50;

/** Receives a version, deletes it, and ends as it begins: v1.0.0 runs, v1.2.0 ran before, v1.1.0 is not here. */
const CYCLE = [
  ['deploy', 'v1.1.0'],
  ['rollback', 'v1.0.0'],
  ['upgrade', 'v1.2.0'],
  ['rollback', 'v1.0.0'],
  ['prune', '--keep', '1'],
] as const;

/** What records and the audit trail of one cycle may take. */
const RECORDS_OF_CYCLE = 64 * 1024;

describe('commands that are killed again and again', () => {
  shopTest(`leak nothing in ${CYCLES} cycles`, { timeout: PATIENCE }, async ({ btrfs, shop }) => {
    const host = await hostHere(join(btrfs, 'host'), shop.application);
    await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
    await host.do('deploy', 'v1.0.0');
    const moments = await momentsOfCycle(host);
    const before = await heldBy(host);

    const random = seededRandom(1);
    // What is drawn is below 1, and nothing that is picked from is empty.
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const killed = pick(CYCLE);
      for (const command of CYCLE) {
        if (command === killed) {
          await strikeRun(host.command(...command), pick(['kill', 'kill-all']), pick(moments.get(command) ?? []));
        }
        await host.do(...command);
      }
    }

    const after = await heldBy(host);
    expect(after).toMatchObject({ outcome: before.outcome, devices: before.devices, descriptors: before.descriptors });
    expect(after.bytes - before.bytes).toBeLessThan(CYCLES * RECORDS_OF_CYCLE);
    await demandVerified(host);
  });
});

/** One cycle that nobody disturbs, looked at. */
async function momentsOfCycle(host: TargetHost): Promise<ReadonlyMap<readonly string[], readonly SeenMoment[]>> {
  const moments = new Map<readonly string[], readonly SeenMoment[]>();
  for (const command of CYCLE) {
    const seen = await lookAtRun(host.command(...command));
    expect(seen.ended).toMatchObject({ exitCode: 0 });
    moments.set(command, seen.moments);
  }
  return moments;
}

/** Everything that could be left behind. Commands run in this process, so what they forget to close is open here. */
async function heldBy(host: TargetHost) {
  const { pool } = host.layout;
  await awaitDeletedSubvolumes(systemRunner, pool);
  const devices = await systemRunner.capture(['losetup', '--list', '--noheadings', '--output', 'NAME,BACK-FILE']);
  return {
    outcome: await outcomeOf(host),
    devices: devices.split('\n').filter((line) => line.includes(host.root)),
    descriptors: (await readdir('/proc/self/fd')).length,
    bytes: (await spaceOf(systemRunner, pool)).used,
  };
}
