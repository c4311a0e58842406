import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectUnchanged } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { type Publisher, publisherTest } from './publisher.ts';

describe('goldstream-builder keys rotate', () => {
  publisherTest('hands over from key to key, three documents deep, and channels follow', async ({ publisher }) => {
    const alice = await publisher.makeKey('alice');
    await publisher.publish('v1.0.0', alice);
    const to = ['--to', publisher.storeUrl];
    await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);
    await publisher.do('keys', 'rotate', '--reason', 'first', '--channel', 'stable', ...to);
    expect(await listed(publisher)).toMatchObject({
      document: 1,
      threshold: 1,
      keys: [{ fingerprint: alice, standing: 'signs' }],
    });

    // The new key comes as a file, and two must sign from now on.
    const bob = await publisher.makeKey('bob');
    const file = join(publisher.directory, 'bob.asc');
    await writeFile(file, await publisher.gpg('--armor', '--export', bob));
    const change = ['--add', file, '--threshold', '2', '--reason', 'two people', '--channel', 'stable'];
    const rehearsed = await expectUnchanged(publisher.store, () =>
      publisher.do('keys', 'rotate', ...change, ...to, '--dry-run'),
    );
    expect(rehearsed).toContain(`note: may sign: ${bob}\n`);
    await publisher.do('keys', 'rotate', ...change, ...to);
    expect(await shown(publisher)).toMatchObject({
      channel: { sequence: 3, epoch: 0, keys: { number: 2 } },
      signers: [alice, bob].sort(),
    });

    // Bob's laptop is stolen: he cannot be asked, and the two that are left can withdraw him.
    const carol = await publisher.makeKey('carol');
    await publisher.do('keys', 'rotate', '--add', carol, '--reason', 'a third one', '--channel', 'stable', ...to);
    const stolen = ['--withdraw', bob, '--reason', 'laptop stolen', '--channel', 'stable', '--new-epoch'];
    await publisher.do('keys', 'rotate', ...stolen, ...to);
    expect(await shown(publisher)).toMatchObject({
      channel: { sequence: 1, epoch: 4, keys: { number: 4 } },
      signers: [alice, carol].sort(),
    });
    const answer = await listed(publisher);
    expect(answer).toMatchObject({ document: 4, threshold: 2 });
    expect(answer.keys).toContainEqual(
      expect.objectContaining({ fingerprint: bob, standing: 'withdrawn', reason: 'laptop stolen' }),
    );
    expect((await readdir(publisher.store)).filter((name) => name.includes('.keys.')).sort()).toEqual(
      [1, 2, 3, 4].map((number) => `shop.keys.${number}`),
    );

    // One of the two is not enough, and the withdrawn one counts nothing.
    await expectUnchanged(publisher.store, async () => {
      const alone = await publisher.run(['channel', 'sign', 'stable', '--key', alice, ...to]);
      expect(alone).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('BUILDER_TOO_FEW_KEYS') });
      const thief = await publisher.run(['channel', 'sign', 'stable', '--key', alice, '--key', bob, ...to]);
      expect(thief).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(`key ${bob} was withdrawn`) });
    });
  });

  publisherTest(
    'goes on where an interrupted run stopped, and makes no document that says nothing new',
    async ({ publisher }) => {
      const alice = await publisher.makeKey('alice');
      await publisher.publish('v1.0.0', alice);
      const to = ['--to', publisher.storeUrl];
      await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);
      await publisher.do('keys', 'rotate', '--reason', 'first', ...to);
      const bob = await publisher.makeKey('bob');
      // As if it had been cut off between the keys document and the channel: Alice signed the channel that is there.
      const change = ['--add', bob, '--retire', alice, '--reason', 'yearly'];
      await publisher.do('keys', 'rotate', ...change, ...to);
      expect(await shown(publisher)).toMatchObject({ channel: { sequence: 1 }, signers: [alice] });
      await publisher.do('keys', 'rotate', '--add', bob, '--reason', 'yearly', '--channel', 'stable', ...to);
      expect(await shown(publisher)).toMatchObject({ channel: { sequence: 2, keys: { number: 2 } }, signers: [bob] });
      const again = await expectUnchanged(publisher.store, () =>
        publisher.run(['keys', 'rotate', '--add', bob, '--reason', 'yearly', '--channel', 'stable', ...to]),
      );
      expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    },
  );

  publisherTest('is told when a store withholds or changes a keys document', async ({ publisher }) => {
    const alice = await publisher.makeKey('alice');
    await publisher.publish('v1.0.0', alice);
    const to = ['--to', publisher.storeUrl];
    await publisher.do('channel', 'set', 'stable', 'v1.0.0', ...to);
    await publisher.do('keys', 'rotate', '--reason', 'first', '--channel', 'stable', ...to);
    const file = join(publisher.store, 'shop.keys.1');
    const document = await readFile(file, 'utf8');
    for (const [text, code] of [
      [document.replace('"first"', '"other"'), 'RELEASE_UNTRUSTED'],
      [`${document}${document}`, 'GPG_NOT_CLEAR_SIGNED'],
      [document.replace('BEGIN PGP SIGNED', 'BEGIN'), 'GPG_NOT_CLEAR_SIGNED'],
    ] as const) {
      await writeFile(file, text);
      const refused = await publisher.run(['channel', 'sign', 'stable', ...to]);
      expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(code) });
    }
  });

  publisherTest.for([
    ['has expired', ['--faked-system-time', '20240101T000000']],
    ['too weak', ['rsa1024', 'sign', '1y']],
    ['not a key for signing', ['rsa3072', 'encr', '1y']],
    ['not a key for signing', ['ed25519', 'cert', '1y']],
  ] as const)('refuses an own key that is of no use: %s', async ([reason, kind], { publisher }) => {
    const bad = await publisher.makeKey('bad', ...kind);
    const good = await publisher.makeKey('good');
    await publisher.publish('v1.0.0', good);
    const to = ['--to', publisher.storeUrl];
    await expectUnchanged(publisher.store, async () => {
      const refused = await publisher.run(['channel', 'set', 'stable', 'v1.0.0', '--key', bad, ...to]);
      expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(reason) });
      const added = await publisher.run(
        ['keys', 'rotate', '--add', bad, '--reason', 'x', '--signing-key', '-', ...to],
        {
          input: await publisher.gpg('--armor', '--export-secret-keys', good),
        },
      );
      // A key that was given has a home of its own, which does not know the other one.
      expect(added).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('GPG_NO_KEY') });
    });
    const file = join(publisher.directory, 'bad.asc');
    await writeFile(file, await publisher.gpg('--armor', '--export', bad));
    await expectUnchanged(publisher.store, async () => {
      const added = await publisher.run(
        ['keys', 'rotate', '--add', file, '--reason', 'x', '--signing-key', '-', ...to],
        {
          input: await publisher.gpg('--armor', '--export-secret-keys', good),
        },
      );
      expect(added).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(reason) });
    });
  });

  publisherTest('refuses an own key that was revoked', async ({ publisher }) => {
    const key = await publisher.makeKey('alice');
    await publisher.publish('v1.0.0', key);
    const certificate = await readFile(join(publisher.gnupg, 'openpgp-revocs.d', `${key}.rev`), 'utf8');
    const file = join(publisher.directory, 'revoked');
    await writeFile(file, certificate.replace(':-----BEGIN', '-----BEGIN'));
    await publisher.gpg('--import', file);
    const refused = await publisher.run([
      'channel',
      'set',
      'stable',
      'v1.0.0',
      '--key',
      key,
      '--to',
      publisher.storeUrl,
    ]);
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('revoked') });
  });
});

interface Listed {
  readonly document: number;
  readonly keys: readonly unknown[];
}

async function listed(publisher: Publisher): Promise<Listed> {
  // Only compared with what is expected.
  return JSON.parse(await publisher.do('keys', 'list', '--from', publisher.storeUrl, '--json')) as Listed;
}

async function shown(publisher: Publisher): Promise<unknown> {
  return JSON.parse(await publisher.do('channel', 'show', 'stable', '--from', publisher.storeUrl, '--json'));
}
