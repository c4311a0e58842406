import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName } from '@goldstream/release';
import { btrfsTest, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { renderVersions } from '../src/list/render-versions.ts';
import { tellVersions } from '../src/list/tell-versions.ts';
import { gatherPrune } from '../src/prune/facts.ts';
import { planPrune } from '../src/prune/plan-prune.ts';
import { writePins } from '../src/state/store-records.ts';
import { withPreparedHost } from './prepared-host.ts';
import { signedStore } from './signed-store.ts';

describe('list', () => {
  btrfsTest(
    'says of every version what this host would download, and never offers what it does not trust',
    async ({ btrfs }) => {
      await withTemporaryDirectory(async (directory) => {
        await withPreparedHost(btrfs, async ({ tools, receive, deploy }) => {
          const store = await signedStore(directory, tools.layout);
          await receive('v0.9.0');
          const { uuid } = await receive('v1.0.0');
          await deploy({ number: 1, version: 'v1.0.0', state: 'good', active: true });
          await writePins(tools.layout, ['v0.9.0']);
          await store.publish({ version: 'v1.0.0', uuid });
          await store.publish({ version: 'v1.1.0', uuid: randomUUID(), parent: { version: 'v1.0.0', uuid } });
          await store.publish({ version: 'v2.0.0', uuid: randomUUID(), signedBy: 'somebody else' });

          const list = await tellVersions(tools, { store: store.url });

          const calm = { active: false, pinned: false, blocked: null, refused: null, download: null, channel: null };
          expect(list.versions).toEqual([
            {
              ...calm,
              version: 'v2.0.0',
              offered: false,
              here: false,
              refused: expect.stringContaining('is not in the keyring'),
            },
            {
              ...calm,
              version: 'v1.1.0',
              offered: true,
              here: false,
              download: { how: 'incremental from v1.0.0', bytes: 'app-v1.1.0.from-v1.0.0.btrfs.zst'.length },
            },
            { ...calm, version: 'v1.0.0', offered: true, here: true, active: true },
            { ...calm, version: 'v0.9.0', offered: false, here: true, pinned: true },
          ]);
          expect(renderVersions(list)).toMatch(
            /^VERSION +HERE +DOWNLOAD +HOW +NOTES\nv2\.0\.0 +- +- +- +NOT OFFERED: /,
          );
        });
      });
    },
  );

  btrfsTest('says with a coded error that a store is missing or empty', async ({ btrfs }) => {
    await withTemporaryDirectory(async (directory) => {
      await withPreparedHost(btrfs, async ({ tools }) => {
        const at = (path: string) => tellVersions(tools, { store: `dir:${path}` });
        await expect(at(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'STORE_MISSING', exitCode: 7 });
        await expect(at(directory)).rejects.toMatchObject({ code: 'STORE_EMPTY', exitCode: 7 });
        await expect(tellVersions(tools, { store: undefined })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      });
    });
  });
});

describe('prune, with a store', () => {
  btrfsTest('keeps a parent of the newest release, and everything while that cannot be known', async ({ btrfs }) => {
    await withTemporaryDirectory(async (directory) => {
      await withPreparedHost(btrfs, async ({ tools, receive }) => {
        const { url, publish } = await signedStore(directory, tools.layout);
        const [parent] = [await receive('v1.0.0'), await receive('v2.0.0'), await receive('v3.0.0')];
        await publish({ version: 'v4.0.0', uuid: randomUUID(), parent });
        const planned = async (store: string) => {
          const { steps, notes = [] } = planPrune(await gatherPrune(tools, { keep: 1, store }));
          return { notes, deleted: steps.flatMap((step) => (step.kind === 'delete-version' ? [step.version] : [])) };
        };

        const known = await planned(url);
        expect(known.deleted).toEqual(['v2.0.0']);
        expect(known.notes).toContain('keep v1.0.0: parent of a stream of v4.0.0');

        expect((await planned('dir:/nowhere')).deleted).toEqual([]);

        const name = manifestName(tools.layout.application, 'v4.0.0');
        const path = join(directory, 'store/v4.0.0', name);
        await writeFile(path, (await readFile(path, 'utf8')).replace('x86_64', 'x86_32'));
        const forged = await planned(url);
        expect(forged.deleted).toEqual([]);
        expect(forged.notes.join('\n')).toContain('keep v1.0.0: perhaps a parent of an offered stream');
      });
    });
  });
});
