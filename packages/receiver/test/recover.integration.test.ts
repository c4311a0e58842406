import { access, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executePlan, type Handlers, type Plan, type Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import {
  acquireLock,
  createSubvolume,
  linkDurably,
  mountAt,
  newestSubvolumeId,
  remountReadOnly,
  showSubvolume,
  unmount,
} from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { deployHandlers } from '../src/deploy/deploy-handlers.ts';
import { gatherDeploy } from '../src/deploy/facts.ts';
import { isWritable } from '../src/deploy/overlay.ts';
import { type Manner, planDeploy } from '../src/deploy/plan-deploy.ts';
import type { DeployStep } from '../src/deploy/step.ts';
import { gatherHost } from '../src/host/facts.ts';
import { numberName } from '../src/host/layout.ts';
import { mountHandlers } from '../src/mount/mount-handlers.ts';
import { planMountVersion } from '../src/mount/plan-mount.ts';
import { gatherPrune } from '../src/prune/facts.ts';
import { planPrune } from '../src/prune/plan-prune.ts';
import { pruneHandlers } from '../src/prune/prune-handlers.ts';
import { mountActive, recoverAtBoot } from '../src/recover/at-boot.ts';
import { recover } from '../src/recover/recover.ts';
import type { Action } from '../src/recover/table.ts';
import { chooseRollback, planRollbackWithState } from '../src/rollback/plan-rollback.ts';
import type { Intent } from '../src/state/intent.ts';
import { readIntent, writeIntent } from '../src/state/store-intent.ts';
import { readDeploymentRecords, readVersionRecords, removeVersionRecord } from '../src/state/store-records.ts';
import { settleFailed } from '../src/transaction/settle.ts';
import { type PreparedHost, withPreparedHost } from './prepared-host.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');

describe('the lock at boot', () => {
  btrfsTest.for([
    ['mountActive', mountActive],
    ['recoverAtBoot', recoverAtBoot],
  ] as const)('%s keeps other commands out until it has ended', async ([, atBoot], { btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools }) => {
      const { runner, layout, audit } = tools;
      const lock = async () => await (await acquireLock(runner, layout.lock)).release();
      const during = audit.during.bind(audit);
      audit.during = async (work) => {
        const done = await during(work);
        await expect(lock()).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
        return done;
      };
      await atBoot(tools);
      await lock();
    });
  });
});

describe('recover', () => {
  for (const manner of ['deploy', 'rollback'] as const) {
    btrfsTest(`after a ${manner} that was cut off before any of its steps, leaves a whole host`, async ({ btrfs }) => {
      await withPreparedHost(btrfs, async (host) => {
        await twoVersions(host);
        let [to, from]: [Version, Version] = ['v2.0.0', 'v1.0.0'];
        for (let done = 1; ; done++) {
          const plan = await deployPlan(host, to, { kind: manner });
          if (done >= plan.steps.length) break;
          await cutOff(plan, deployHandlers(host.tools), done);
          const switched = plan.steps.findIndex(({ kind }) => kind === 'switch') < done;
          const good = plan.steps.findIndex(isGood) < done;
          const concluded = plan.steps.findIndex(({ kind }) => kind === 'conclude') < done;

          const { action } = await recover(host.tools, { moment: 'command' });

          expect(action, `after ${done} steps`).toBe(
            concluded ? 'nothing' : good ? 'tidy' : switched ? 'finish' : 'undo',
          );
          await expectWhole(host, switched ? to : from);
          if (switched) [to, from] = [from, to];
          expect((await recover(host.tools, { moment: 'command' })).action).toBe('nothing');
        }
      });
    });
  }

  btrfsTest('after a rollback with state that was cut off, leaves one or the other', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await twoVersions(host);
      await execute(await deployPlan(host, 'v2.0.0'), host);
      for (let done = 1; done < 4; done++) {
        const plan = await rollbackPlan(host);
        await cutOff(plan, deployHandlers(host.tools), done);
        const switched = plan.steps.findIndex(({ kind }) => kind === 'switch') < done;
        await recover(host.tools, { moment: 'command' });
        await expectWhole(host, switched ? 'v1.0.0' : 'v2.0.0');
        expect([...(await gatherHost(host.tools.layout)).blocked.keys()]).toEqual(switched ? ['v2.0.0'] : []);
        if (switched) break;
      }
      expect((await gatherHost(host.tools.layout)).active).toMatchObject({ number: 1, state: 'good' });
    });
  });

  btrfsTest('goes back at once from a version that failed its trial, and blocks it', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await cutOffAfter('switch', await deployPlan(host, 'v2.0.0'), host);
      expect((await gatherHost(layout)).active?.version).toBe('v2.0.0');

      await settleFailed(host.tools, new Error('op.service failed after the switch'));

      await expectWhole(host, 'v1.0.0');
      expect((await gatherHost(layout)).deployments).toMatchObject([
        { number: 1, state: 'good' },
        { number: 2, state: 'bad', blocked: { reason: 'op.service failed after the switch' } },
      ]);
      expect(host.said).toContain('v2.0.0 failed (op.service failed after the switch): going back to v1.0.0');
    });
  });

  btrfsTest('keeps a version that proved good, whatever fails after that', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await twoVersions(host);
      const plan = await deployPlan(host, 'v2.0.0');
      await cutOff(plan, deployHandlers(host.tools), plan.steps.findIndex(isGood) + 1);
      await settleFailed(host.tools, new Error('no space left'));
      await expectWhole(host, 'v2.0.0');
    });
  });

  btrfsTest('goes back to nothing from a first version that failed its trial', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await host.receive('v1.0.0');
      await cutOffAfter('switch', await deployPlan(host, 'v1.0.0'), host);
      await settleFailed(host.tools, new Error('no'));
      const { active, current, pending, blocked } = await gatherHost(host.tools.layout);
      expect({ active, current, pending }).toEqual({ active: undefined, current: undefined, pending: undefined });
      expect([...blocked]).toEqual([['v1.0.0', 'no']]);
    });
  });

  btrfsTest('goes on with a return, wherever current is', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, runner } = host.tools;
      await twoVersions(host);
      const failed = { at: NOW.toISOString(), reason: 'it failed' };
      for (const at of ['from', 'to', 'none'] as const) {
        const number = (await gatherHost(layout)).nextNumber;
        await cutOffAfter('switch', await deployPlan(host, 'v2.0.0'), host);
        await intend(host, { kind: 'returning', from: number, to: 1, stops: [], failed });
        expect([...(await gatherHost(layout)).blocked.keys()], 'blocked before its record says so').toEqual(['v2.0.0']);
        if (at === 'to') await linkDurably(layout.current, layout.deployment(1).link);
        if (at === 'none') await rm(layout.current);
        if (at === 'none') await unmount(runner, layout.deployment(1).root);

        expect((await recover(host.tools, { moment: 'command' })).action).toBe('return');

        await expectWhole(host, 'v1.0.0');
      }
    });
  });

  btrfsTest('leaves current to who has changed it by hand, and takes its own away', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await host.deploy({ number: 2, version: 'v1.0.0', state: 'good' });
      const plan = await deployPlan(host, 'v2.0.0');
      await cutOffAfter('create-deployment', plan, host);
      await linkDurably(layout.current, layout.deployment(2).link);

      expect((await recover(host.tools, { moment: 'command' })).action).toBe('leave');

      expect(await readlink(layout.current)).toBe('live/0002');
      expect(await readdir(layout.overlay)).toEqual(['0001', '0002']);
      expect(await readIntent(layout)).toBeUndefined();
    });
  });

  btrfsTest('makes what ran before active again when current is lost', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await cutOffAfter('create-deployment', await deployPlan(host, 'v2.0.0'), host);
      await rm(layout.current);
      expect((await recover(host.tools, { moment: 'command' })).action).toBe('undo');
      await expectWhole(host, 'v1.0.0');
    });
  });

  btrfsTest('makes what ran before writable again', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, runner } = host.tools;
      await twoVersions(host);
      await cutOffAfter('create-deployment', await deployPlan(host, 'v2.0.0'), host);
      await remountReadOnly(runner, layout.deployment(1).root);
      await recover(host.tools, { moment: 'command' });
      await expectWhole(host, 'v1.0.0');
    });
  });

  btrfsTest('removes files that were under construction, and nothing else', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await cutOffAfter('create-deployment', await deployPlan(host, 'v2.0.0'), host);
      await symlink('live/0002', join(layout.pool, '.current.new'));
      await writeFile(join(layout.state, 'deployments/.0002.json.new'), '{');
      await writeFile(join(layout.state, 'new'), 'of somebody');
      await recover(host.tools, { moment: 'command' });
      await expectWhole(host, 'v1.0.0');
      await access(join(layout.state, 'new'));
    });
  });

  btrfsTest('undoes a mount that was cut off, and the same mount goes through', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, now } = host.tools;
      await twoVersions(host);
      for (const done of [1, 2, 3]) {
        const plan = planMountVersion(await gatherHost(layout), 'v2.0.0', [], now());
        await cutOff(plan, mountHandlers(host.tools), done);
        expect((await recover(host.tools, { moment: 'command' })).action).toBe('discard-staged');
        await expectWhole(host, 'v1.0.0');
      }
      const plan = planMountVersion(await gatherHost(layout), 'v2.0.0', [], now());
      await executePlan(plan, mountHandlers(host.tools));
      expect((await recover(host.tools, { moment: 'command' })).action).toBe('nothing');
      expect((await gatherHost(layout)).deployments.at(-1)).toMatchObject({ version: 'v2.0.0', state: 'staged' });
    });
  });

  btrfsTest('finishes a prune that was cut off before any of its steps', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      for (let done = 1; done < 4; done++) {
        await threeDeployments(host, done);
        const plan = planPrune(await gatherPrune(host.tools, { keep: 2 }));
        await cutOff(plan, pruneHandlers(host.tools), done);
        expect((await recover(host.tools, { moment: 'command' })).action).toBe('go-on-pruning');
        expect(planPrune(await gatherPrune(host.tools, { keep: 2 })).steps, `after ${done} steps`).toEqual([]);
        expect((await readVersionRecords(layout)).length).toBe(2);
        expect(await readIntent(layout)).toBeUndefined();
      }
    });
  });

  btrfsTest(
    'deletes what an interrupted receive was making, and no subvolume that was there before',
    async ({ btrfs }) => {
      await withPreparedHost(btrfs, async (host) => {
        const { layout, runner } = host.tools;
        await twoVersions(host);
        const names = { ours: '.incoming-00000000000000aa', foreign: '.incoming-00000000000000bb' } as const;
        await createSubvolume(runner, layout.incoming(names.foreign));
        const newestIdBefore = await newestSubvolumeId(runner, layout.pool);
        await createSubvolume(runner, layout.incoming(names.ours));
        for (const incoming of [names.ours, names.foreign]) {
          await intend(host, { kind: 'receiving', version: 'v3.0.0', incoming, newestIdBefore });
          expect((await recover(host.tools, { moment: 'command' })).action).toBe('discard-incoming');
          expect(await readIntent(layout)).toBeUndefined();
        }
        expect(await readdir(layout.deploy)).toEqual([names.foreign, 'v1.0.0', 'v2.0.0']);
      });
    },
  );

  btrfsTest(
    'names and records what was proven, under either name, and nothing that has its place',
    async ({ btrfs }) => {
      await withPreparedHost(btrfs, async (host) => {
        const { layout } = host.tools;
        const record = await host.receive('v1.0.0');
        const incoming = '.incoming-00000000000000aa';
        const [final, unnamed] = [layout.version('v1.0.0'), layout.incoming(incoming)];
        const { rename } = await import('node:fs/promises');
        for (const at of [unnamed, final]) {
          await removeVersionRecord(layout, 'v1.0.0');
          if (at === unnamed) await rename(final, unnamed);
          await intend(host, { kind: 'naming', incoming, record });
          expect((await recover(host.tools, { moment: 'command' })).action).toBe('name-received');
          expect(await readVersionRecords(layout)).toEqual([record]);
          expect(await readdir(layout.deploy)).toEqual(['v1.0.0']);
        }
        await removeVersionRecord(layout, 'v1.0.0');
        await intend(host, { kind: 'naming', incoming, record: { ...record, subvolumeUuid: 'another' } });
        await recover(host.tools, { moment: 'command' });
        expect(await readVersionRecords(layout)).toEqual([]);
        await showSubvolume(host.tools.runner, final);
      });
    },
  );
});

describe('at boot', () => {
  btrfsTest('what current names is mounted, and mounting it again changes nothing', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await twoVersions(host);
      await reboot(host);
      await mountActive(host.tools);
      await expectWhole(host, 'v1.0.0');
      await mountActive(host.tools);
      expect((await recoverAtBoot(host.tools)).action).toBe('nothing');
    });
  });

  btrfsTest('a host on which nothing was ever deployed comes up', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await mountActive(host.tools);
      expect((await recoverAtBoot(host.tools)).action).toBe('nothing');
    });
  });

  btrfsTest('a start on trial is counted first, and the trial ends good when services are up', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await cutOffAfter('switch', await deployPlan(host, 'v2.0.0'), host);
      await reboot(host);

      await mountActive(host.tools);
      expect((await readIntent(layout))?.intent).toMatchObject({ kind: 'switching', starts: 1 });
      await expectMounted(host, 2);

      expect((await recoverAtBoot(host.tools)).action).toBe('finish');
      await expectWhole(host, 'v2.0.0');
      expect((await gatherHost(layout)).active?.state).toBe('good');
    });
  });

  btrfsTest('after three starts without becoming good, the version before is activated', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      await cutOffAfter('switch', await deployPlan(host, 'v2.0.0'), host);
      for (const starts of [1, 2, 3]) {
        await reboot(host);
        await mountActive(host.tools);
        expect((await readIntent(layout))?.intent).toMatchObject({ starts });
      }
      await reboot(host);

      await mountActive(host.tools);

      expect(await readlink(layout.current)).toBe('live/0001');
      await expectMounted(host, 1);
      expect((await gatherHost(layout)).blocked.get('v2.0.0')).toMatch(/3 starts/);
      expect((await recoverAtBoot(host.tools)).action).toBe('return');
      await expectWhole(host, 'v1.0.0');
    });
  });

  btrfsTest('a version on trial that cannot be mounted is given up before services start', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, runner } = host.tools;
      await twoVersions(host);
      await cutOffAfter('switch', await deployPlan(host, 'v2.0.0'), host);
      await reboot(host);
      await runner.run(['btrfs', 'subvolume', 'delete', layout.version('v2.0.0')]);

      await mountActive(host.tools);

      expect(await readlink(layout.current)).toBe('live/0001');
      await expectMounted(host, 1);
      await recoverAtBoot(host.tools);
      await expectWhole(host, 'v1.0.0');
    });
  });

  btrfsTest('what was not switched is undone before services start', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await twoVersions(host);
      await cutOffAfter('mount-deployment', await deployPlan(host, 'v2.0.0'), host);
      await reboot(host);
      await mountActive(host.tools);
      await expectWhole(host, 'v1.0.0');
    });
  });

  btrfsTest('an interrupted receive does not keep the host from coming up, and is undone later', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await twoVersions(host);
      const incoming = '.incoming-00000000000000aa';
      await intend(host, { kind: 'receiving', version: 'v3.0.0', incoming, newestIdBefore: 1 });
      await reboot(host);
      await mountActive(host.tools);
      await expectMounted(host, 1);
      expect(await readIntent(layout)).toBeDefined();
      expect((await recoverAtBoot(host.tools)).action).toBe('discard-incoming' satisfies Action);
      await expectWhole(host, 'v1.0.0');
    });
  });
});

async function twoVersions({ receive, deploy }: PreparedHost): Promise<void> {
  await receive('v1.0.0');
  await receive('v2.0.0');
  await deploy({ number: 1, version: 'v1.0.0', state: 'good', active: true });
}

/** v1.0.0 is nobody's any more. */
async function threeDeployments({ receive, deploy, tools }: PreparedHost, round: number): Promise<void> {
  const { layout } = tools;
  if (round === 1) {
    await receive('v2.0.0');
    await receive('v3.0.0');
  }
  await receive('v1.0.0');
  const { nextNumber: next } = await gatherHost(layout);
  await deploy({ number: next, version: 'v1.0.0', state: 'good' });
  await deploy({ number: next + 1, version: 'v2.0.0', state: 'good' });
  await deploy({ number: next + 2, version: 'v3.0.0', state: 'good', previous: next + 1, active: true });
}

async function deployPlan({ tools }: PreparedHost, version: Version, manner: Manner = { kind: 'deploy' }) {
  return planDeploy(await gatherDeploy(tools, version), manner);
}

async function rollbackPlan({ tools }: PreparedHost) {
  const host = await gatherHost(tools.layout);
  const target = chooseRollback(host, undefined);
  return planRollbackWithState(await gatherDeploy(tools, target.to.version, host), target);
}

/** Takes the first steps of a plan and then no more, as if the power had been cut. */
async function cutOff<S extends Step>(plan: Plan<S>, handlers: Handlers<S>, done: number): Promise<void> {
  await executePlan({ ...plan, steps: plan.steps.slice(0, done) }, handlers);
}

/** The end of a trial. */
function isGood(step: DeployStep): boolean {
  return step.kind === 'record' && step.record.state === 'good' && step.record.blocked === undefined;
}

async function cutOffAfter(kind: string, plan: Awaited<ReturnType<typeof deployPlan>>, { tools }: PreparedHost) {
  await cutOff(plan, deployHandlers(tools), plan.steps.findIndex((step) => step.kind === kind) + 1);
}

async function execute(plan: Awaited<ReturnType<typeof deployPlan>>, { tools }: PreparedHost): Promise<void> {
  await executePlan(plan, deployHandlers(tools));
}

async function intend({ tools }: PreparedHost, intent: Intent): Promise<void> {
  await writeIntent(tools.layout, intent, NOW);
}

/** What a restart of the host does to mounts. */
async function reboot({ tools: { layout, runner } }: PreparedHost): Promise<void> {
  for (const name of await readdir(layout.live)) {
    const { root } = layout.deployment(Number(name));
    if ((await mountAt(root)) !== undefined) await unmount(runner, root);
  }
}

async function expectMounted({ tools: { layout } }: PreparedHost, number: number): Promise<void> {
  const there = await mountAt(layout.deployment(number).root);
  expect(there !== undefined && isWritable(there), `deployment ${numberName(number)} is mounted and writable`).toBe(
    true,
  );
}

/** The version runs, mounted and writable; nothing is pending, and nothing lies about. */
async function expectWhole(host: PreparedHost, version: Version): Promise<void> {
  const { layout } = host.tools;
  const { active, deployments, pending } = await gatherHost(layout);
  expect({ version: active?.version, pending }).toEqual({ version, pending: undefined });
  await expectMounted(host, active?.number ?? 0);
  const { root } = layout.deployment(active?.number ?? 0);
  await access(join(layout.current, 'root/bin/tool'));
  await writeFile(join(root, 'written'), 'here');
  await mkdir(layout.cache, { recursive: true });
  const known = deployments.map(({ number }) => numberName(number));
  expect(await readdir(layout.overlay)).toEqual(known);
  expect(await readdir(layout.live)).toEqual(known);
  expect((await readDeploymentRecords(layout)).filter(({ state }) => state === 'staged')).toEqual([]);
  for (const directory of [layout.pool, layout.state, join(layout.state, 'deployments')]) {
    expect((await readdir(directory)).filter((name) => name.endsWith('.new'))).toEqual([]);
  }
}
