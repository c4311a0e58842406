import { appendFile, chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { openShop, type ReleasedShop } from './released-shop.ts';
import { expectHostUnchanged, targetHost } from './target-host.ts';

const GOLDEN = 'application: shop\nsources:\n  - { directory: tools, attributes: preserve }\nlevel: 1\n';

describe('a recipe with a set-uid file', () => {
  btrfsTest(
    'is released when it lists the file, and received where the host allows it',
    async ({ btrfs, temporaryDirectory }) => {
      const shop = await privilegedShop(temporaryDirectory);
      await expect(shop.release('v1.0.0')).rejects.toMatchObject({
        actual: { exitCode: 4, stderr: expect.stringMatching(/BUILDER_UNLISTED_PRIVILEGE.*tools\/su has a set-uid/s) },
      });
      await shop.write('golden.yaml', `${GOLDEN}policy: { setuid: [tools/su] }\n`);
      const { policy } = await shop.release('v1.1.0');
      expect(policy).toEqual({ setuid: ['tools/su'], devices: [], capabilities: [], xattrs: [] });

      const host = await targetHost(join(btrfs, 'host'), 'shop');
      await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
      for (const command of ['receive', 'fetch', 'deploy']) {
        const refused = await expectHostUnchanged(host, () => host.run([command, 'v1.1.0']));
        expect(refused).toMatchObject({
          exitCode: 5,
          stderr: expect.stringMatching(/RECEIVE_NOT_ALLOWED.*tools\/su.*allow\.suid: true/s),
        });
      }
      const checked = await host.run(['check']);
      expect(checked).toMatchObject({
        exitCode: 5,
        stdout: expect.stringMatching(/policy +v1\.1\.0 asks for .*tools\/su/),
      });
      await appendFile(host.layout.config, 'allow: { suid: true }\n');
      await host.do('check');
      await host.do('deploy', 'v1.1.0');
      await host.do('verify', '--deep');
      expect((await lstat(join(host.layout.deploy, 'v1.1.0/tools/su'))).mode & 0o7777).toBe(0o4755);
    },
  );
});

/** A shop whose only source has a set-uid file. */
async function privilegedShop(directory: string): Promise<ReleasedShop> {
  const source = join(directory, 'source');
  await mkdir(join(source, 'tools'), { recursive: true });
  await writeFile(join(source, 'golden.yaml'), GOLDEN);
  await writeFile(join(source, 'tools/su'), '#!/bin/sh\n');
  const shop = await openShop({ application: 'shop', recipe: source, directory });
  // No copy keeps the bit.
  await chmod(join(directory, 'recipe/tools/su'), 0o4755);
  return shop;
}
