import { copyFile, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, type Ended, systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from './released-shop.ts';
import { setReadOnly } from './set-read-only.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost } from './target-host.ts';

const MOUNT_DEPLOYMENT = 'post-deploy/mount-deployment.sh';

describe('a stream that was received with plain tools', () => {
  shopTest('is mounted after every byte was checked, and can be deployed', async ({ host, shop }) => {
    await receiveByHand(host, shop, 'v1.0.0');

    expect(await script(host, MOUNT_DEPLOYMENT, 'v1.0.0')).toMatchObject({ exitCode: 0 });

    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({
      how: 'by hand',
      signers: [expect.stringMatching(/^[0-9A-F]{40}$/)],
    });
    expect((await host.status()).others).toMatchObject([{ version: 'v1.0.0', state: 'staged', mounted: true }]);
    await host.do('deploy', 'v1.0.0');
    // It serves as a parent like any other.
    await host.do('upgrade', 'v1.1.0');
    expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'incremental from v1.0.0' });
  });

  shopTest('takes its manifest from a file too', async ({ host, shop, temporaryDirectory }) => {
    await receiveByHand(host, shop, 'v1.0.0');
    await host.do('mount', 'v1.0.0', '--manifest', join(shop.store, 'v1.0.0/shop-v1.0.0.manifest.json'));
    const lonely = join(temporaryDirectory, 'm.json');
    await copyFile(join(shop.store, 'v1.1.0/shop-v1.1.0.manifest.json'), lonely);
    await receiveByHand(host, shop, 'v1.1.0', 'from-v1.0.0');
    const unsigned = await expectHostUnchanged(host, () => host.run(['mount', 'v1.1.0', '--manifest', lonely]));
    expect(unsigned).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RECEIVE_UNSIGNED') });
  });

  shopTest('is refused without a manifest; --allow-unsigned takes it, and says so', async ({ host, shop }) => {
    await receiveByHand(host, shop, 'v1.0.0');
    const elsewhere = ['--store', `dir:${host.layout.cache}`];

    const refused = await expectHostUnchanged(host, () => script(host, MOUNT_DEPLOYMENT, 'v1.0.0', ...elsewhere));
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RECEIVE_UNSIGNED') });

    const taken = await script(host, MOUNT_DEPLOYMENT, 'v1.0.0', ...elsewhere, '--allow-unsigned');
    expect(taken).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/WARNING: .* without a signature/) });
    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({ how: 'by hand, unsigned', signers: [] });
    expect((await host.status()).versions).toMatchObject([{ version: 'v1.0.0', signed: false }]);
  });

  shopTest('is refused when its content is not what was signed', async ({ host, shop }) => {
    await receiveByHand(host, shop, 'v1.0.0');
    const path = join(host.layout.deploy, 'v1.0.0');
    // The received UUID survives this: only the content can tell.
    await setReadOnly(path, 'false');
    await writeFile(join(path, 'core/bin/shop'), 'edited');
    await setReadOnly(path, 'true');
    for (const more of [[], ['--allow-unsigned']]) {
      const refused = await expectHostUnchanged(host, () => host.run(['mount', 'v1.0.0', ...more]));
      expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RECEIVE_CONTENT_MISMATCH') });
    }
  });

  shopTest('is refused when it is unfinished', async ({ host, shop }) => {
    const stream = await streamOf(host, shop, 'v1.0.0', 'full');
    const raw = await readFile(stream);
    await writeFile(stream, raw.subarray(0, raw.length / 2));
    await systemRunner.run(['btrfs', 'receive', '--quiet', '-f', stream, host.layout.deploy], { accept: [1] });

    const refused = await expectHostUnchanged(host, () => host.run(['deploy', 'v1.0.0']));
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('RECEIVE_SUSPECT') });
  });
});

describe('the scripts that people know', () => {
  shopTest('prepare a host and upgrade it', async ({ host, shop }) => {
    const prepare = ['--key', shop.key, '--store', `dir:${shop.store}`];
    expect(await script(host, 'pre-deploy/prepare-target.sh', ...prepare)).toMatchObject({ exitCode: 0 });
    await host.do('deploy', 'v1.0.0');
    expect(await script(host, 'upgrade/rolling-upgrade.sh', 'v1.0.0', 'v1.1.0')).toMatchObject({ exitCode: 0 });
    expect(await readlink(host.layout.current)).toBe('live/0002');
    const wrong = await script(host, 'upgrade/rolling-upgrade.sh', 'v1.0.0', 'v1.2.0');
    expect(wrong).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('DEPLOY_WRONG_FROM') });
  });
});

/** A raw stream of a version, decompressed by zstd itself, in a file on the host. */
async function streamOf(host: TargetHost, { store }: ReleasedShop, version: string, which: string): Promise<string> {
  const stream = host.at(`${version}.stream`);
  const parts = join(store, version, `shop-${version}.${which}.btrfs.zst`);
  await systemRunner.run(['zstd', '--decompress', '--quiet', '-o', stream, parts]);
  return stream;
}

async function receiveByHand(host: TargetHost, shop: ReleasedShop, version: string, which = 'full'): Promise<void> {
  const stream = await streamOf(host, shop, version, which);
  await systemRunner.run(['btrfs', 'receive', '--quiet', '-f', stream, host.layout.deploy]);
}

/** Runs a script of the checkout on the host. */
async function script({ root }: TargetHost, name: string, ...args: readonly string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`../../../scripts/${name}`, import.meta.url));
  const command: Command = [path, ...args, '--app', 'shop', '--root', root];
  return systemRunner.run(command, { accept: [...Array(256).keys()] });
}
