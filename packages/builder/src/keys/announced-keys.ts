import { readFile } from 'node:fs/promises';
import { type AnnouncedKey, describeObjection, judgeKeyring, parseKeyListing } from '@goldstream/release';
import { listKeyring, type MinimalKey, minimalKeys, minimalKeysOf, SystemError } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';
import { writeKeyring } from './export-keyring.ts';

/**
 * The keys that `--add` names: those of a file, or a public key of our GnuPG home.
 * @throws BuilderError `BUILDER_KEY_UNUSABLE` for one that hosts would not count; SystemError `GPG_BAD_KEYRING`, `GPG_NO_KEY`
 */
export async function gatherAnnounced(tools: Tools, wanted: readonly string[]): Promise<readonly AnnouncedKey[]> {
  const found: MinimalKey[] = [];
  for (const name of wanted) found.push(...(await find(tools, name)));
  if (found.length > 0) await demandSound(tools, found);
  return found.map(({ fingerprint, publicKey }) => ({
    fingerprint,
    publicKey: Buffer.from(publicKey).toString('base64'),
  }));
}

const FINGERPRINT = /^[0-9A-Fa-f]{16,64}$/;

async function find(tools: Tools, name: string): Promise<readonly MinimalKey[]> {
  // What looks like a fingerprint is one, whatever lies in the current directory.
  const file = FINGERPRINT.test(name) ? undefined : await readFile(name).catch(() => undefined);
  if (file !== undefined) return minimalKeys(tools.runner, file);
  const keys = await minimalKeysOf(tools.runner, await tools.gpgHome(), name);
  if (keys.length === 1) return keys;
  throw new SystemError(
    'GPG_NO_KEY',
    `wanted one public key for “${name}”, found ${keys.length}, and no file of that name`,
    {
      hint: 'Name a file, or the whole fingerprint of a key that is in this GnuPG home.',
    },
  );
}

async function demandSound(tools: Tools, keys: readonly MinimalKey[]): Promise<void> {
  const keyring = await writeKeyring(tools, Buffer.concat(keys.map(({ publicKey }) => publicKey)));
  const judged = judgeKeyring(parseKeyListing(await listKeyring(tools.runner, keyring)), tools.clock());
  for (const { fingerprint } of keys) {
    const entry = judged.find((candidate) => candidate.fingerprint === fingerprint);
    const objection = entry === undefined ? 'invalid-key' : entry.objection;
    if (objection === undefined) continue;
    throw new BuilderError('BUILDER_KEY_UNUSABLE', describeObjection({ kind: objection, keyId: fingerprint }), {
      hint: 'Add another one: no host would count what it signs.',
    });
  }
}
