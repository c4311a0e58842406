import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import {
  CHECKOUT_IN_HOST,
  copyMachineDisks,
  cutPowerAt,
  directoryTest,
  FOR_WHOLE_MACHINE,
  LONG_RUN,
  lookAtRunOn,
  type Machine,
  type MachineDisks,
  makeMachineDisks,
  requireOrSkip,
  type SeenMoment,
  spreadMoments,
  withMachine,
  withTemporaryDirectory,
} from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { demandDone } from '../demand-done.ts';
import { answer, expectNoLineLost, status } from '../systemd-questions.ts';
import { bringReleases, PREPARE, releaseOperationDbus, targetOn, UNITS } from '../systemd-target.ts';
import { PATIENCE } from './operation.ts';

const CUTS = 10;
const SEED = 1;
const [OLD, NEW] = ['v1.0.0', 'v1.1.0'];
/** As people start it, which needs `npm run build`: from sources each command takes three times as long. */
const RECEIVER = ['node', join(CHECKOUT_IN_HOST, 'packages/receiver/bin/goldstream-receiver.js')] as const;
const UPGRADE = [...RECEIVER, 'upgrade', NEW] as const;

/** Units fail a boot that the machine waits for; this one runs after those and is asked by name. */
const RECOVER = 'goldstream-recover@op-dbus.service';

describe.runIf(LONG_RUN)('a whole machine that loses power during an upgrade', () => {
  directoryTest(
    'starts again by itself and runs the old version or the new one, whole',
    { timeout: PATIENCE },
    async ({ skip, temporaryDirectory }) => {
      await requireOrSkip(skip, FOR_WHOLE_MACHINE);
      const disks = await machineBefore(temporaryDirectory);
      const moments = await onCopyOf(disks, momentsOfUpgrade);

      const violations: string[] = [];
      console.log(`${CUTS} power cuts of a whole machine, seed ${SEED}, ${moments.length} moments`);
      for (const moment of spreadMoments(moments, { count: CUTS, seed: SEED })) {
        const began = performance.now();
        const outcome = await onCopyOf(disks, (copy) => cutAndStart(copy, moment)).catch((violation: unknown) => {
          violations.push(`${nameOf(moment)}: ${violation instanceof Error ? violation.message : violation}`);
          return 'violation';
        });
        console.log(`${nameOf(moment)}: ${outcome}, ${Math.round((performance.now() - began) / 1000)} s`);
      }
      expect(violations).toEqual([]);
    },
  );
});

/** The disks of a machine on which the old version is active, and which was shut down in order. */
async function machineBefore(directory: string): Promise<MachineDisks> {
  const [released, machine] = [join(directory, 'released'), join(directory, 'machine')];
  await mkdir(released);
  await mkdir(machine);
  const releases = await releaseOperationDbus(released);
  const disks = await makeMachineDisks(machine, {
    poolAt: '/var/lib/op-dbus',
    install: (root) => bringReleases(releases, root),
  });
  await withMachine(disks, async (running) => {
    const target = targetOn(running, RECEIVER);
    await target.do(...PREPARE);
    await target.do('deploy', OLD);
    await running.powerOff();
  });
  return disks;
}

async function onCopyOf<T>(disks: MachineDisks, use: (copy: MachineDisks) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(async (directory) => use(await copyMachineDisks(disks, directory)));
}

async function momentsOfUpgrade(disks: MachineDisks): Promise<readonly SeenMoment[]> {
  return withMachine(disks, async (machine) => {
    const { ended, moments } = await lookAtRunOn(machine, UPGRADE);
    demandDone(ended);
    await demandWhole(machine, [NEW]);
    return moments;
  });
}

/** Gives back the version that runs after the cut. */
async function cutAndStart(disks: MachineDisks, moment: SeenMoment): Promise<string> {
  await withMachine(disks, (machine) => cutPowerAt(machine, UPGRADE, moment));
  await demandSound(disks);
  const version = await withMachine(disks, (machine) => demandWhole(machine, [OLD, NEW]));
  await demandSound(disks);
  return version;
}

/** The machine has come up; everything is of one version, runs, is as signed, and nothing is left to be done. */
async function demandWhole(machine: Machine, allowed: readonly string[]): Promise<string> {
  const target = targetOn(machine, RECEIVER);
  expect(await target.property(RECOVER, 'Result')).toBe('success');
  await target.do('recover');
  const { active, attention } = await status(target);
  expect(allowed).toContain(active?.version);
  expect(active).toMatchObject({ state: 'good', mounted: true });
  expect(attention).toEqual([]);
  expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
  expect(await answer(target, '/health')).toMatch(/ok/);
  expect((await answer(target, '/')) === 'the page of v1.1.0\n').toBe(active?.version === NEW);
  await target.do('verify', '--deep');
  await target.do('audit', 'verify');
  await expectNoLineLost(target);
  return active?.version ?? '';
}

/** The file system of the pool as it is on the disk of a machine that is off. */
async function demandSound({ pool }: MachineDisks): Promise<void> {
  await systemRunner.run(['btrfs', 'check', '--readonly', pool]);
}

function nameOf({ step, operation, doing }: SeenMoment): string {
  return `step ${step}, operation ${operation} (${doing})`;
}
