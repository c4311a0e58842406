import { mkdir, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVersion, type Version } from '@goldstream/release';
import { createSubvolume, mountAt, readMounts, showSubvolume } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { deleteBackup, deleteBackupStep } from '../src/backup/delete-backup.ts';
import { gatherBackups } from '../src/backup/found-backup.ts';
import { tellBackups } from '../src/backup/tell-backups.ts';
import { createDeployment } from '../src/deploy/create-deployment.ts';
import { mountDeployment } from '../src/deploy/overlay.ts';
import { switchDeployment } from '../src/deploy/switch.ts';
import { unmountDeployment } from '../src/deploy/unmount-deployment.ts';
import type { Tools } from '../src/host/tools.ts';
import { bindPersists } from '../src/persist/bind-persist.ts';
import { gatherPlaces } from '../src/persist/gather-places.ts';
import { planStateBackup } from '../src/persist/state-backup.ts';
import type { DeploymentRecord } from '../src/state/records.ts';
import { withPreparedHost } from './prepared-host.ts';

const [V1, V2] = [parseVersion('v1.0.0'), parseVersion('v2.0.0')];
const MANIFEST = `stage: 1
component: core
version: 1.0.0
description: It keeps its books
persist:
  - { name: books, path: var/books }
`;

/** A version that keeps its books, with what it ships of them. */
async function makeVersion({ runner, layout }: Tools, version: Version, books: string): Promise<void> {
  const folder = join(layout.version(version), 'core');
  await createSubvolume(runner, layout.version(version));
  await mkdir(join(folder, 'var/books'), { recursive: true });
  await writeFile(join(folder, 'manifest.yaml'), MANIFEST);
  await writeFile(join(folder, 'var/books/ledger'), books);
}

async function makeDeployment(tools: Tools, number: number, version: Version): Promise<DeploymentRecord> {
  const record = { number, version, state: 'good', createdAt: '2026-11-22T03:13:00.000Z', placed: [], enabled: [] };
  const persist = await gatherPlaces(tools.layout, version);
  // Every field that a record must have is there.
  const full = record as unknown as DeploymentRecord;
  await createDeployment(tools, {
    kind: 'create-deployment',
    says: 'make a deployment',
    record: full,
    farm: [],
    persist,
    upper: { kind: 'empty' },
  });
  return full;
}

const booksIn = (tools: Tools, number: number) => join(tools.layout.deployment(number).root, 'core/var/books');
const overlayOf = (tools: Tools, number: number) => {
  const { overlay, root } = tools.layout.deployment(number);
  return { overlay, at: root };
};

describe('state that all deployments share', () => {
  btrfsTest('begins with the vendor’s, is shown in every deployment, and kept at each switch', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools }) => {
      const { runner, layout } = tools;
      for (const directory of [layout.persist, layout.backup]) await mkdir(directory);
      await makeVersion(tools, V1, 'as shipped\n');
      await makeVersion(tools, V2, 'as shipped later\n');
      const first = await makeDeployment(tools, 1, V1);
      await switchDeployment(tools, { from: undefined, to: 1, version: V1, upper: { kind: 'own' } });
      expect(await readFile(join(booksIn(tools, 1), 'ledger'), 'utf8')).toBe('as shipped\n');
      expect((await mountAt(booksIn(tools, 1)))?.options).toEqual(expect.arrayContaining(['nosuid', 'nodev']));

      await writeFile(join(layout.current, 'root/core/var/books/ledger'), 'one sale\n');
      // None of it is in the layer, which belongs to one deployment.
      expect(await readdir(layout.deployment(1).upper)).toEqual([]);

      await makeDeployment(tools, 2, V2);
      await mountDeployment(tools, { version: V2, ...overlayOf(tools, 2) });
      expect(await readFile(join(booksIn(tools, 2), 'ledger'), 'utf8')).toBe('one sale\n');

      const now = new Date('2026-11-22T10:15:00.123Z');
      const backup = planStateBackup(layout, first, await gatherPlaces(layout, V1), now);
      if (backup === undefined) throw new RangeError('expected a backup');
      await switchDeployment(tools, { from: 1, to: 2, version: V2, upper: { kind: 'own' }, backup });
      await writeFile(join(layout.current, 'root/core/var/books/ledger'), 'two sales\n');
      const kept = join(layout.backup, 'states/20261122T101500Z-0001');
      expect(await readFile(join(kept, 'books/ledger'), 'utf8')).toBe('one sale\n');
      expect(await showSubvolume(runner, join(kept, 'books'))).toMatchObject({ readonly: true });
      expect(JSON.parse(await readFile(join(kept, 'backup.json'), 'utf8'))).toEqual({
        takenAt: '2026-11-22T10:15:00.123Z',
        deployment: 1,
        version: 'v1.0.0',
        persist: ['books'],
      });

      const [found, ...others] = await gatherBackups(tools);
      if (found === undefined) throw new RangeError('expected to find the backup');
      expect([tellBackups([found]), others]).toEqual([
        [
          {
            name: '20261122T101500Z-0001',
            path: kept,
            left: { deployment: 1, version: 'v1.0.0', at: '2026-11-22T10:15:00.123Z' },
            persist: ['books'],
          },
        ],
        [],
      ]);
      // While somebody reads it, it stays.
      const reader = await open(join(kept, 'books/ledger'));
      try {
        expect(await deleteBackup(tools, deleteBackupStep(found))).toContain('has a file of it open');
        expect(await gatherBackups(tools)).toMatchObject([{ record: undefined, snapshots: [{}] }]);
      } finally {
        await reader.close();
      }
      expect(await deleteBackup(tools, deleteBackupStep(found))).toBeUndefined();
      expect(await gatherBackups(tools)).toEqual([]);
      expect(await deleteBackup(tools, deleteBackupStep(found))).toBeUndefined();

      for (const number of [1, 2]) await unmountDeployment(tools, layout.deployment(number).root);
      expect((await readMounts()).filter(({ mountPoint }) => mountPoint.startsWith(layout.live))).toEqual([]);
      expect(await readFile(join(layout.persist, 'books/ledger'), 'utf8')).toBe('two sales\n');
    });
  });

  btrfsTest('is shown once, also after a command that was cut off before it was', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools }) => {
      const { layout } = tools;
      await mkdir(layout.persist);
      await makeVersion(tools, V1, 'as shipped\n');
      await makeDeployment(tools, 1, V1);
      await mountDeployment(tools, { version: V1, ...overlayOf(tools, 1) });
      const { root } = layout.deployment(1);
      const places = await gatherPlaces(layout, V1);
      await bindPersists(tools, root, places);
      const shown = (await readMounts()).filter(({ mountPoint }) => mountPoint === booksIn(tools, 1));
      expect(shown).toHaveLength(1);
      await unmountDeployment(tools, booksIn(tools, 1));
      await switchDeployment(tools, { from: undefined, to: 1, version: V1, upper: { kind: 'own' } });
      expect(await mountAt(booksIn(tools, 1))).toBeDefined();
    });
  });

  btrfsTest('keeps a deployment from being mounted without it, or over something else', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async ({ tools }) => {
      const { layout } = tools;
      await mkdir(layout.persist);
      await makeVersion(tools, V1, 'as shipped\n');
      await makeDeployment(tools, 1, V1);
      const { root, upper } = layout.deployment(1);
      const mounting = () => mountDeployment(tools, { version: V1, ...overlayOf(tools, 1) });

      await mkdir(join(upper, 'core/var'), { recursive: true });
      await symlink('/tmp', join(upper, 'core/var/books'));
      await expect(mounting()).rejects.toMatchObject({ code: 'DEPLOY_INCOMPLETE_TREE' });
      expect(await mountAt(root)).toBeUndefined();
      await rm(join(upper, 'core'), { recursive: true });

      await rm(join(layout.persist, 'books'), { recursive: true });
      await expect(mounting()).rejects.toMatchObject({ code: 'PERSIST_MISSING' });
      expect(await mountAt(root)).toBeUndefined();
    });
  });

  btrfsTest(
    'is made whole or not at all; what has the name of unfinished work is moved aside, whosever it is',
    async ({ btrfs }) => {
      await withPreparedHost(btrfs, async ({ tools }) => {
        const { runner, layout } = tools;
        await mkdir(layout.persist);
        await makeVersion(tools, V1, 'as shipped\n');
        // What an interrupted command left, most likely.
        await createSubvolume(runner, join(layout.persist, '.new-books'));
        await writeFile(join(layout.persist, '.new-books/half'), '');
        await makeDeployment(tools, 1, V1);
        const [aside, ...others] = (await readdir(layout.persist)).sort();
        expect(others).toEqual(['books']);
        expect(await readdir(join(layout.persist, aside ?? ''))).toEqual(['half']);
        expect(await readdir(join(layout.persist, 'books'))).toEqual(['ledger']);

        await rm(join(layout.version(V1), 'core/var/books'), { recursive: true });
        await rm(join(layout.persist, 'books'), { recursive: true });
        await expect(makeDeployment(tools, 2, V1)).rejects.toMatchObject({ code: 'DEPLOY_INCOMPLETE_TREE' });
      });
    },
  );
});
