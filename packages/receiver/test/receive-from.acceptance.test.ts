import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from './released-shop.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost } from './target-host.ts';

describe('receive --from', () => {
  shopTest('takes the parts of a published stream, with the manifest beside them', async ({ host, shop }) => {
    await host.do('receive', 'v1.3.0', '--from', join(shop.store, 'v1.3.0/shop-v1.3.0.full.btrfs.zst.part000'));
    expect(await receivedRecord(host, 'v1.3.0')).toMatchObject({ how: 'full', signers: [expect.any(String)] });
    await host.do('verify', '--deep');
  });

  shopTest('takes raw streams from standard input, an incremental one too', async ({ host, shop }) => {
    for (const [version, which] of [
      ['v1.0.0', 'full'],
      ['v1.1.0', 'from-v1.0.0'],
    ] as const) {
      const manifest = join(shop.store, version, `shop-${version}.manifest.json`);
      const input = await rawStream(shop, version, which);
      const ended = await host.run(['receive', version, '--from', '-', '--manifest', manifest], { input });
      expect(ended).toMatchObject({ exitCode: 0 });
      expect(await receivedRecord(host, version)).toMatchObject({ how: 'from standard input' });
    }
    await host.do('verify', '--deep');
    await host.do('deploy', 'v1.1.0');
  });

  shopTest('takes a file that was compressed otherwise, and needs no name for it', async ({ host, shop }) => {
    const [raw, file] = [host.at('raw'), host.at('other.zst')];
    await writeFile(raw, await rawStream(shop, 'v1.0.0', 'full'));
    await systemRunner.run(['zstd', '--quiet', '-5', raw, '-o', file]);
    await host.do('receive', 'v1.0.0', '--from', file);
    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({ how: 'from a file' });
  });

  shopTest('refuses what is not the stream of that version, and nothing changes', async ({ host, shop }) => {
    await host.do('receive', 'v1.2.0');
    const raw = await rawStream(shop, 'v1.0.0', 'full');
    const flipped = Buffer.from(raw);
    flipped[raw.length - 100] = (flipped[raw.length - 100] ?? 0) ^ 1;
    for (const [version, input, exitCode, message] of [
      ['v1.0.0', Buffer.from('# a text, not a stream\n'), 4, 'SEND_STREAM_BAD_MAGIC'],
      ['v1.0.0', raw.subarray(0, raw.length / 2), 4, 'SEND_STREAM_TRUNCATED'],
      ['v1.0.0', flipped, 4, 'SEND_STREAM_CRC_MISMATCH'],
      ['v1.0.0', Buffer.concat([raw, Buffer.from('more')]), 5, 'GUARD_TOO_LONG'],
      ['v1.1.0', raw, 5, 'GUARD_WRONG_NAME'],
    ] as const) {
      const refused = await expectHostUnchanged(host, () => host.run(['receive', version, '--from', '-'], { input }));
      expect({ message, ...refused }).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
    }
  });

  shopTest('refuses a spoilt copy of a published asset by its chunk', async ({ host, shop, temporaryDirectory }) => {
    const name = 'shop-v1.0.0.full.btrfs.zst';
    const copy = join(temporaryDirectory, name);
    await host.do('receive', 'v1.2.0');
    const bytes = await readFile(join(shop.store, 'v1.0.0', name));
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await writeFile(copy, bytes);
    const refused = await expectHostUnchanged(host, () => host.run(['receive', 'v1.0.0', '--from', copy]));
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('STORE_DIGEST_MISMATCH') });
  });

  shopTest('says that a manifest beside the file has no signature', async ({ host, shop, temporaryDirectory }) => {
    for (const name of ['shop-v1.0.0.full.btrfs.zst', 'shop-v1.0.0.manifest.json']) {
      await copyFile(join(shop.store, 'v1.0.0', name), join(temporaryDirectory, name));
    }
    const from = join(temporaryDirectory, 'shop-v1.0.0.full.btrfs.zst');
    const refused = await expectHostUnchanged(host, () => host.run(['receive', 'v1.0.0', '--from', from]));
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RECEIVE_UNSIGNED') });
  });

  shopTest('gives up on standard input that stops for ever, and nothing changes', async ({ host, shop }) => {
    await host.do('receive', 'v1.2.0');
    const raw = await rawStream(shop, 'v1.0.0', 'full');
    for (const given of [raw.subarray(0, raw.length / 2), Buffer.alloc(0)]) {
      const said = await expectHostUnchanged(host, () => neverEnding(host, given));
      expect(said).toMatch(/ended with 7: .*TRANSFER_STALLED: nothing came from standard input for 0.3 s/s);
    }
  });
});

/** Hands bytes to `receive` on a pipe that stays open; gives back what the program said when it ended. */
async function neverEnding(host: TargetHost, bytes: Uint8Array): Promise<string> {
  const command = host.command('receive', 'v1.0.0', '--from', '-', '--timeout', '300ms');
  const running = systemRunner.spawn(command, { stdin: 'pipe' });
  try {
    running.stdin?.on('error', () => {});
    running.stdin?.write(bytes);
    return await running.ended.then(
      () => '',
      (error: Error) => error.message,
    );
  } finally {
    running.kill('SIGKILL');
  }
}

/** The raw stream of a version, decompressed by zstd itself. */
async function rawStream({ store }: ReleasedShop, version: string, which: string): Promise<Buffer> {
  const file = join(store, version, `shop-${version}.${which}.btrfs.zst`);
  const zstd = systemRunner.spawn(['zstd', '--decompress', '--quiet', '--stdout', file], { stdout: 'pipe' });
  const chunks: Uint8Array[] = [];
  // A pipe without an encoding gives bytes.
  for await (const chunk of zstd.stdout ?? []) chunks.push(chunk as Uint8Array);
  await zstd.ended;
  return Buffer.concat(chunks);
}
