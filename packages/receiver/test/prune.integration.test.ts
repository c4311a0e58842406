import { access, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { executePlan } from '@goldstream/plan';
import { createSubvolume, deleteSubvolume, showSubvolume, systemRunner, unmount } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { gatherPrune } from '../src/prune/facts.ts';
import { planPrune } from '../src/prune/plan-prune.ts';
import { pruneHandlers } from '../src/prune/prune-handlers.ts';
import { renderPruned, tellPruned } from '../src/prune/tell-pruned.ts';
import { readDeploymentRecords, readVersionRecords } from '../src/state/store-records.ts';
import { type PreparedHost, withPreparedHost } from './prepared-host.ts';

describe('prune', () => {
  btrfsTest('removes old versions and deployments, and nothing that is needed', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await threeDeployments(host);

      const pruned = await prune(host);

      expect(pruned).toMatchObject({ versions: ['v1.0.0'], deployments: [1], kept: [] });
      expect(await readdir(layout.deploy)).toEqual(['v2.0.0', 'v3.0.0']);
      expect(await readdir(layout.overlay)).toEqual(['0002', '0003']);
      expect(await readdir(layout.live)).toEqual(['0002', '0003']);
      expect((await readVersionRecords(layout)).map(({ version }) => version).toSorted()).toEqual(['v2.0.0', 'v3.0.0']);
      expect((await readDeploymentRecords(layout)).map(({ state }) => state)).toEqual(['removed', 'good', 'good']);
      await access(join(layout.current, 'root/bin/tool'));
      expect(renderPruned(pruned)).toMatch(/^deleted v1\.0\.0; took away 1 deployment; .* freed\n$/);

      expect(planPrune(await gatherPrune(host.tools, { keep: 2 })).steps).toEqual([]);
    });
  });

  btrfsTest('keeps a version under an overlay that only another mount namespace has', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await threeDeployments(host);
      // Forks its own view of the mounts, then ours goes: what plain umount says nothing about.
      const holder = systemRunner.spawn(['unshare', '--mount', '--propagation', 'private', 'cat'], {
        stdin: 'pipe',
        stdout: 'pipe',
      });
      const answered = new Promise((resolve) => holder.stdout?.once('data', resolve));
      holder.stdin?.write('ready\n');
      await answered;
      try {
        expect(await prune(host)).toMatchObject({ versions: [], kept: ['deployment 0001', 'v1.0.0'] });
        expect(host.said.join('\n')).toContain(`in the mount namespace of process ${holder.pid}`);
        expect(await readdir(layout.version('v1.0.0'))).toEqual(['bin']);
      } finally {
        holder.stdin?.end();
        await holder.ended;
      }
      expect(await prune(host)).toMatchObject({ versions: ['v1.0.0'], deployments: [1], kept: [] });
    });
  });

  btrfsTest('keeps a version of which a file is open, and a deployment that is busy', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout } = host.tools;
      await threeDeployments(host);
      await unmount(systemRunner, layout.deployment(1).root);
      const file = await open(join(layout.version('v1.0.0'), 'bin/tool'));
      try {
        const { notes } = planPrune(await gatherPrune(host.tools, { keep: 2 }));
        expect(notes).toContainEqual(
          expect.stringMatching(/^keep v1\.0\.0: process \d+ \(.*\) has a file of it open$/),
        );
        expect(await prune(host)).toMatchObject({ versions: [], deployments: [1] });
      } finally {
        await file.close();
      }

      await host.deploy({ number: 4, version: 'v1.0.0', state: 'bad' });
      const inside = await open(join(layout.deployment(4).root, 'bin/tool'));
      try {
        expect(await prune(host)).toMatchObject({ versions: [], kept: ['deployment 0004', 'v1.0.0'] });
        expect(host.said.join('\n')).toMatch(/kept: .* is in use by .* \(process \d+\)/);
        expect((await inside.readFile()).toString()).toBe('v1.0.0\n');
      } finally {
        await inside.close();
      }
      expect(await prune(host)).toMatchObject({ versions: ['v1.0.0'], deployments: [4] });
    });
  });

  btrfsTest(
    'keeps a subvolume that is not the recorded one, also when it changes before the step',
    async ({ btrfs }) => {
      await withPreparedHost(btrfs, async (host) => {
        const { tools, receive } = host;
        const { layout, runner } = tools;
        await receive('v1.0.0', { subvolumeUuid: '00000000-0000-4000-8000-000000000000' });
        await receive('v2.0.0');
        for (const version of ['v3.0.0', 'v4.0.0'] as const) await receive(version);

        const plan = planPrune(await gatherPrune(tools, { keep: 2 }));
        expect(plan.notes).toContainEqual(expect.stringContaining('recorded is 00000000-'));
        await deleteSubvolume(runner, layout.version('v2.0.0'));
        await createSubvolume(runner, layout.version('v2.0.0'));
        await executePlan(plan, pruneHandlers(tools));

        expect(await tellPruned(tools, plan)).toMatchObject({ versions: [], kept: ['v2.0.0'] });
        expect(host.said.join('\n')).toMatch(/kept: .*v2\.0\.0 is .*, expected /);
        for (const version of ['v1.0.0', 'v2.0.0'] as const) await showSubvolume(runner, layout.version(version));
      });
    },
  );

  btrfsTest('goes on after an interruption, whatever was done of a deployment', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { layout, runner } = host.tools;
      await threeDeployments(host);
      await unmount(runner, layout.deployment(1).root);
      await deleteSubvolume(runner, layout.deployment(1).overlay);
      expect(await prune(host)).toMatchObject({ versions: ['v1.0.0'], deployments: [1], kept: [] });
    });
  });
});

async function threeDeployments({ receive, deploy }: PreparedHost): Promise<void> {
  for (const [index, version] of (['v1.0.0', 'v2.0.0', 'v3.0.0'] as const).entries()) {
    await receive(version);
    const number = index + 1;
    const role = number === 3 ? ({ active: true, previous: 2 } as const) : {};
    await deploy({
      number,
      version,
      state: 'good',
      farm: [{ path: 'bin/tool', text: '../../root/bin/tool' }],
      ...role,
    });
  }
}

async function prune({ tools }: PreparedHost) {
  const plan = planPrune(await gatherPrune(tools, { keep: 2 }));
  await executePlan(plan, pruneHandlers(tools));
  return tellPruned(tools, plan);
}
