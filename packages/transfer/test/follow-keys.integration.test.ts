import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeySet, keysFileName, openKeys, renderKeys } from '@goldstream/release';
import { openStore } from '@goldstream/store';
import { clearSign, createKey, exportPublicKey, type GpgHome, systemRunner as runner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { type BelievedKeys, findKeysDocument, followKeys } from '../src/index.ts';

const APPLICATION = 'app';

describe('followKeys', () => {
  directoryTest('leads to the keys of a document that the keys before have signed', async ({ temporaryDirectory }) => {
    const { believed, fingerprint, document, signed } = await publisher(temporaryDirectory);
    const followed = await followKeys(runner, believed, { number: 1, signed }, { application: APPLICATION });
    expect(followed).toMatchObject({ set: { number: 1, keys: [fingerprint] }, document });
    expect(followed.listing).toEqual([expect.objectContaining({ fingerprint })]);
  });

  directoryTest('takes no document for another one than its name says', async ({ temporaryDirectory }) => {
    const { believed, signed } = await publisher(temporaryDirectory);
    const mixedUp = followKeys(runner, believed, { number: 2, signed }, { application: APPLICATION });
    await expect(mixedUp).rejects.toMatchObject({ code: 'RELEASE_KEYS_BROKEN', category: 'trust' });
  });

  directoryTest('parses nothing that the keys before have not signed', async ({ temporaryDirectory }) => {
    const stranger = await publisher(join(temporaryDirectory, 'stranger'));
    const { believed } = await publisher(join(temporaryDirectory, 'publisher'));
    for (const signed of [stranger.signed, await stranger.sign('this is no JSON\n')]) {
      const followed = followKeys(runner, believed, { number: 1, signed }, { application: APPLICATION });
      await expect(followed).rejects.toMatchObject({ code: 'RELEASE_UNTRUSTED' });
    }
  });

  directoryTest('asks for as many signers as the operator does', async ({ temporaryDirectory }) => {
    const { believed, signed } = await publisher(temporaryDirectory);
    const demand = { application: APPLICATION, threshold: 2 };
    const followed = followKeys(runner, believed, { number: 1, signed }, demand);
    await expect(followed).rejects.toMatchObject({ code: 'RELEASE_UNTRUSTED' });
  });
});

describe('findKeysDocument', () => {
  directoryTest('finds one by its number, and nothing where there is none', async ({ temporaryDirectory }) => {
    const store = openStore(`dir:${temporaryDirectory}`, APPLICATION);
    await writeFile(join(temporaryDirectory, keysFileName(APPLICATION, 1)), 'signed');
    expect(await findKeysDocument(store, 1)).toEqual({ number: 1, signed: Buffer.from('signed') });
    expect(await findKeysDocument(store, 2)).toBeUndefined();
  });
});

/** A key of its own below `directory`, which an operator believes, and the first keys document, which it has signed. */
async function publisher(directory: string) {
  await mkdir(directory, { recursive: true });
  const home: GpgHome = { kind: 'ours', path: join(directory, 'gnupg') };
  const { fingerprint } = await createKey(runner, home, 'App <app@example.invalid>', '1y');
  const path = join(directory, 'public.gpg');
  await exportPublicKey(runner, home, fingerprint, { armor: false, minimal: true, to: path });
  const keyring = await readFile(path);
  const set: KeySet = { number: 0, threshold: 1, keys: [fingerprint], withdrawn: [] };
  const believed: BelievedKeys = { set, keyring };
  const keys = [{ fingerprint, publicKey: keyring.toString('base64') }];
  const document = openKeys({ application: APPLICATION, keys }, { now: new Date(), reason: 'the first' });
  const sign = (text: string) => clearSign(runner, home, { signers: [fingerprint], text });
  return { believed, fingerprint, document, sign, signed: await sign(renderKeys(document)) };
}
