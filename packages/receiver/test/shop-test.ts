import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { releasedOnce } from './released-once.ts';
import { ADMIN, coreManifest, openShop, type ReleasedShop, writeShopRecipe } from './released-shop.ts';
import { type TargetHost, targetHost } from './target-host.ts';

/**
 * `test` with a shop that has released, once for all tests of a file, and a prepared host of the test's own.
 *
 * v1.0.0 → v1.1.0 is a small change with an incremental stream, and so is v1.1.0 → v1.2.0; v1.3.0 brings much, so that
 * its full stream, in several parts and chunks, is the only one.
 */
export const shopTest = btrfsTest
  .extend<{ $file: { shopOnce: () => Promise<ReleasedShop> } }>({ shopOnce: releasedOnce(makeShop) })
  .extend<{ shop: ReleasedShop; host: TargetHost }>({
    // It depends on `btrfs` because that skips the test where it cannot run.
    shop: async ({ btrfs: _, shopOnce }, use) => use(await shopOnce()),
    host: async ({ btrfs, shop }, use) => {
      const host = await targetHost(join(btrfs, 'host'), shop.application);
      await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
      await use(host);
    },
  });

async function makeShop(directory: string): Promise<ReleasedShop> {
  const recipe = join(directory, 'source');
  await writeShopRecipe(recipe);
  const shop = await openShop({ application: 'shop', recipe, directory });
  await shop.release('v1.0.0');

  await shop.write('core/bin/shop', '#!/bin/sh\necho 1.1.0\n');
  await shop.write('core/bin/admin', '#!/bin/sh\necho admin\n');
  await shop.write('core/etc/shop.conf', 'colour = red\n');
  await shop.write('core/etc/till.conf', 'tills = 2\n');
  await shop.write('core/etc/state.json', '{"new": true}\n');
  await shop.remove('core/etc/motd');
  await shop.write('core/manifest.yaml', coreManifest(ADMIN));
  await shop.release('v1.1.0');

  await shop.write('core/bin/shop', '#!/bin/sh\necho 1.2.0\n');
  await shop.release('v1.2.0');

  await shop.write('core/bin/shop', '#!/bin/sh\necho 1.3.0\n');
  await shop.write('core/more', randomBytes(9 * 1024 * 1024));
  await shop.release('v1.3.0');
  return shop;
}
