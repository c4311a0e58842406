import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { showSubvolume, snapshotSubvolume } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { readHostCtransid } from '@goldstream/transfer';
import { describe, expect } from 'vitest';
import { recover } from '../src/recover/recover.ts';
import { damagedName } from '../src/repair/damaged-name.ts';
import { setAside } from '../src/repair/set-aside.ts';
import { readIntent, writeIntent } from '../src/state/store-intent.ts';
import { readVersionRecords } from '../src/state/store-records.ts';
import { withPreparedHost } from './prepared-host.ts';

const INCOMING = '.incoming-0123456789abcdef';
const VERSION = 'v1.0.0';

describe('a repair that was cut off once its copy was proven', () => {
  for (const done of ['nothing more', 'set aside', 'set aside and named'] as const) {
    btrfsTest(`is finished by recover, ${done} having been done`, async ({ btrfs }) => {
      await withPreparedHost(btrfs, async ({ tools, receive }) => {
        const { layout, runner } = tools;
        const old = await receive(VERSION);
        const [incoming, final] = [layout.incoming(INCOMING), layout.version(VERSION)];
        await snapshotSubvolume(runner, final, incoming, { readonly: true });
        const { uuid: subvolumeUuid } = await showSubvolume(runner, incoming);
        const record = { ...old, subvolumeUuid, hostCtransid: await readHostCtransid(runner, incoming) };
        const replaced = { uuid: old.subvolumeUuid, as: damagedName(VERSION, 1, old.subvolumeUuid) };
        await writeIntent(layout, { kind: 'naming', incoming: INCOMING, record, replaced }, tools.now());
        if (done !== 'nothing more') await setAside(tools, VERSION, replaced);
        if (done === 'set aside and named') await rename(incoming, final);

        // At boot, before the active version is mounted: it may be this one.
        await recover(tools, { moment: 'early' });

        expect((await readdir(layout.deploy)).toSorted()).toEqual([replaced.as, VERSION]);
        expect(await showSubvolume(runner, final)).toMatchObject({ uuid: subvolumeUuid });
        expect(await showSubvolume(runner, join(layout.deploy, replaced.as))).toMatchObject({ uuid: replaced.uuid });
        expect(await readVersionRecords(layout)).toEqual([record]);
        expect(await readIntent(layout)).toBeUndefined();
      });
    });
  }
});
