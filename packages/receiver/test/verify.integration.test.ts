import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { manifestName } from '@goldstream/release';
import { unmount } from '@goldstream/system';
import { btrfsTest, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { lookAtPlace } from '../src/integrate/look-at-place.ts';
import type { Placed } from '../src/state/records.ts';
import { removeVersionRecord } from '../src/state/store-records.ts';
import { readVersionCheck } from '../src/state/version-check.ts';
import type { Verification } from '../src/verify/check.ts';
import { renderChecks } from '../src/verify/render-checks.ts';
import { verifyHost } from '../src/verify/verify-host.ts';
import { type PreparedHost, withPreparedHost } from './prepared-host.ts';
import { signedStore } from './signed-store.ts';

const ALL = { version: undefined, deep: false };
const TOOL = '/usr/local/bin/tool';
const CONFIGURATION = '/etc/app/app.json';
const DEFAULT = '/etc/app/default.json';

describe('verify', () => {
  btrfsTest('finds nothing on a host where all is as recorded', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await aDeployment(host);
      const found = await verifyHost(host.tools, { version: undefined, deep: true });
      expect(problems(found)).toEqual([]);
      expect(found.ok).toBe(true);
      expect(renderChecks(found)).toMatch(/\n\n8 ok: all is as recorded\n$/);
    });
  });

  btrfsTest('finds a version that was changed and made read-only again', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools, receive }) => {
      await receive('v1.0.0');
      await receive('v2.0.0');
      await change(tools, tools.layout.version('v1.0.0'));
      expect(problems(await verifyHost(tools, ALL))).toEqual([
        ['wrong', 'v1.0.0', 'subvolume', expect.stringContaining('has received UUID none, expected')],
      ]);
      expect((await verifyHost(tools, { version: 'v2.0.0', deep: false })).ok).toBe(true);
    });
  });

  btrfsTest('finds, with --deep, contents that are not the recorded ones, and names the version', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools, receive }) => {
      await receive('v1.0.0', { contentDigest: `sha256:${'0'.repeat(64)}` });
      expect((await verifyHost(tools, ALL)).ok).toBe(true);
      expect(problems(await verifyHost(tools, { ...ALL, deep: true }))).toEqual([
        ['wrong', 'v1.0.0', 'content', expect.stringContaining('expected sha256:0000')],
      ]);
    });
  });

  btrfsTest('keeps how it ended beside the record, and forgets that with the version', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools, receive, said }) => {
      const { layout } = tools;
      const record = await receive('v1.0.0', { contentDigest: `sha256:${'0'.repeat(64)}` });
      await verifyHost(tools, ALL);
      expect(await readVersionCheck(layout, record)).toMatchObject({ quick: { ok: true, problems: [] } });
      await verifyHost(tools, { ...ALL, deep: true });
      expect(await readVersionCheck(layout, record)).toMatchObject({
        unchangedAt: expect.any(Number),
        quick: { ok: true },
        deep: {
          ok: false,
          problems: [expect.stringMatching(/^content: /)],
          contentDigest: expect.stringMatching(/^sha256:/),
        },
      });
      // Of another subvolume nothing was said.
      expect(await readVersionCheck(layout, { ...record, subvolumeUuid: randomUUID() })).toBeUndefined();

      // What nobody can read is replaced, and a place that takes nothing is only a warning.
      await writeFile(layout.versionCheck('v1.0.0'), 'torn');
      expect(await verifyHost(tools, ALL)).toMatchObject({ ok: true });
      expect(await readVersionCheck(layout, record)).not.toHaveProperty('deep');
      await rm(dirname(layout.versionCheck('v1.0.0')), { recursive: true });
      await writeFile(dirname(layout.versionCheck('v1.0.0')), 'in the way');
      expect(await verifyHost(tools, ALL)).toMatchObject({ ok: true });
      expect(said).toEqual([expect.stringMatching(/^how v1\.0\.0 was verified could not be kept in /)]);

      await rm(dirname(layout.versionCheck('v1.0.0')));
      await verifyHost(tools, ALL);
      await removeVersionRecord(layout, 'v1.0.0');
      expect(await readdir(dirname(layout.versionCheck('v1.0.0')))).toEqual([]);
    });
  });

  btrfsTest('finds what is gone: subvolume, manifest, mount', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { tools, receive } = host;
      await aDeployment(host);
      await receive('v0.9.0', { manifestSha256: '0'.repeat(64) });
      await tools.runner.run(['btrfs', 'subvolume', 'delete', tools.layout.version('v0.9.0')]);
      await unmount(tools.runner, tools.layout.deployment(1).root);
      expect(problems(await verifyHost(tools, ALL))).toMatchObject([
        ['missing', 'deployment 0001', 'overlay', expect.anything()],
        ['wrong', TOOL, 'link', 'leads nowhere: the deployment has nothing behind it'],
        ['missing', 'v0.9.0', 'subvolume', expect.anything()],
        ['missing', 'v0.9.0', 'manifest', expect.anything()],
      ]);
    });
  });

  btrfsTest('finds a missing link, a modified copy, and an overlay that is not ours', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      const { tools } = host;
      const { layout, runner } = tools;
      await aDeployment(host);
      await rm(join(layout.root, TOOL));
      await writeFile(join(layout.root, CONFIGURATION), 'edited');
      await writeFile(join(layout.root, DEFAULT), 'edited too');
      const { root } = layout.deployment(1);
      await unmount(runner, root);
      await runner.run(['mount', '-t', 'tmpfs', 'tmpfs', root]);

      const found = await verifyHost(tools, ALL);

      expect(problems(found)).toMatchObject([
        ['wrong', 'deployment 0001', 'overlay', 'is a mount of type tmpfs, expected an overlay'],
        ['missing', TOOL, 'link', expect.anything()],
        ['modified', CONFIGURATION, 'copy', 'its content was changed'],
      ]);
      expect(found.checks).toContainEqual(
        expect.objectContaining({ subject: DEFAULT, verdict: 'modified', acceptable: true }),
      );
      expect(renderChecks(found)).toMatch(/\n\n3 ok, 2 modified, 1 missing, 1 wrong: not all is as recorded\n$/);
    });
  });

  btrfsTest(
    'judges the kept manifest again: its signature by the keyring as it is now, its bytes by the record',
    async ({ btrfs }) => {
      await withTemporaryDirectory(async (directory) => {
        await withPreparedHost(btrfs, async ({ tools, receive }) => {
          const { layout } = tools;
          const { publish } = await signedStore(directory, layout);
          await publish({ version: 'v1.0.0', uuid: randomUUID() });
          await publish({ version: 'v1.1.0', uuid: randomUUID(), signedBy: 'somebody else' });
          for (const version of ['v1.0.0', 'v1.1.0'] as const) {
            const published = join(directory, 'store', version, manifestName(layout.application, version));
            const kept = layout.manifest(version);
            await mkdir(dirname(kept), { recursive: true });
            for (const name of ['', '.asc']) await copyFile(`${published}${name}`, `${kept}${name}`);
            await receive(version, {
              manifestSha256: createHash('sha256')
                .update(await readFile(kept))
                .digest('hex'),
            });
          }
          expect(problems(await verifyHost(tools, ALL))).toEqual([
            ['wrong', 'v1.1.0', 'manifest', expect.stringContaining('is not in the keyring')],
          ]);
          await writeFile(layout.manifest('v1.0.0'), '{}');
          expect(problems(await verifyHost(tools, { ...ALL, version: 'v1.0.0' }))).toEqual([
            ['wrong', 'v1.0.0', 'manifest', expect.stringMatching(/^has SHA-256 44136fa3.*, expected /)],
          ]);
        });
      });
    },
  );

  btrfsTest('says so when a version was never received', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools }) => {
      await expect(verifyHost(tools, { version: 'v9.0.0', deep: false })).rejects.toMatchObject({
        code: 'DEPLOY_NO_SUCH_VERSION',
      });
    });
  });
});

/** v1.0.0, received, deployed and active, with a link, a copy and a default on the system. */
async function aDeployment({ tools, receive, deploy }: PreparedHost): Promise<void> {
  const { layout } = tools;
  const { version } = await receive('v1.0.0');
  const text = `${layout.poolInside}/current/links${TOOL}`;
  for (const target of [TOOL, CONFIGURATION]) await mkdir(dirname(join(layout.root, target)), { recursive: true });
  await symlink(text, join(layout.root, TOOL));
  for (const target of [CONFIGURATION, DEFAULT]) await writeFile(join(layout.root, target), '{}', { mode: 0o644 });
  await deploy({
    number: 1,
    version,
    state: 'good',
    active: true,
    farm: [{ path: TOOL.slice(1), text: '../../../../root/bin/tool' }],
    placed: [
      { kind: 'link', component: 'core', target: TOOL, text },
      await copied('copy', layout.root, CONFIGURATION),
      await copied('default', layout.root, DEFAULT),
    ],
  });
}

async function copied(kind: 'copy' | 'default', root: string, target: string): Promise<Placed> {
  const found = await lookAtPlace(join(root, target));
  if (found.kind !== 'file') throw new Error(`${target} is a ${found.kind}`);
  const { sha256, mode, uid, gid } = found;
  return { kind, component: 'core', target, sha256, mode, uid, gid };
}

function problems({ checks }: Verification): readonly unknown[] {
  return checks
    .filter(({ acceptable }) => !acceptable)
    .map(({ verdict, subject, aspect, says }) => [verdict, subject, aspect, says]);
}

async function change({ runner }: PreparedHost['tools'], subvolume: string): Promise<void> {
  await runner.run(['btrfs', 'property', 'set', '-f', subvolume, 'ro', 'false']);
  await writeFile(join(subvolume, 'bin/tool'), 'changed');
  await runner.run(['btrfs', 'property', 'set', '-f', subvolume, 'ro', 'true']);
}
