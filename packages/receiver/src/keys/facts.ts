import { readFile } from 'node:fs/promises';
import type { KeySet, ListedKey } from '@goldstream/release';
import { dearmor, demandTools, keyringOfKeys, withKeyring } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { listKeys, operatorKeyring, readHeldKeys } from '../trust/held-keys.ts';
import { readWithdrawn, type WithdrawnHere } from '../trust/withdrawn-keys.ts';

/** What `keys` knows of whom this host believes. */
export interface KeysFacts {
  /** The operator's keyring, number 0: where it is, its bytes, and what gpg lists of it. */
  readonly path: string;
  readonly keyring: Uint8Array;
  readonly listed: readonly ListedKey[];
  /** The set that counts now, and what gpg lists of it. */
  readonly held: { readonly set: KeySet; readonly listed: readonly ListedKey[] };
  readonly withdrawn: readonly WithdrawnHere[];
  /** Distinct signers that the configuration asks for. */
  readonly threshold: number;
  readonly now: Date;
}

/** Looks at the keys of this host. A keyring that is not there yet is empty. */
export async function gatherKeys(tools: Tools): Promise<KeysFacts> {
  const { layout, config, now, runner } = tools;
  await demandTools(runner, ['gpg', 'gpgv']);
  const path = operatorKeyring(tools);
  const keyring = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array();
    throw error;
  });
  const listed = keyring.length === 0 ? [] : await listKeys(tools, path);
  const withdrawn = await readWithdrawn(layout);
  return {
    path,
    keyring,
    listed,
    held: keyring.length === 0 ? { set: NOBODY, listed: [] } : await gatherHeld(tools),
    withdrawn,
    threshold: config.threshold,
    now: now(),
  };
}

const NOBODY: KeySet = { number: 0, threshold: 1, keys: [], withdrawn: [] };

async function gatherHeld(tools: Tools): Promise<KeysFacts['held']> {
  const { set, keyring } = await readHeldKeys(tools);
  return { set, listed: await withKeyring(keyring, (path) => listKeys(tools, path)) };
}

/** Keys that an operator gives, in binary, and what gpg lists of them. */
export interface GivenKeys {
  readonly keyring: Uint8Array;
  readonly listed: readonly ListedKey[];
}

/** Reads files with public keys, armoured or not. @throws SystemError `GPG_BAD_KEYRING` */
export async function readGivenKeys(tools: Tools, files: readonly string[]): Promise<GivenKeys> {
  const keyring = Buffer.concat(await Promise.all(files.map(async (file) => dearmor(await readFile(file)))));
  return { keyring, listed: await withKeyring(keyring, (path) => listKeys(tools, path)) };
}

/** The operator's keyring without one key. */
export async function keyringWithout(
  tools: Tools,
  { keyring, listed }: KeysFacts,
  fingerprint: string,
): Promise<Uint8Array> {
  const others = new Set(listed.map(({ primary }) => primary).filter((primary) => primary !== fingerprint));
  return keyringOfKeys(tools.runner, keyring, [...others]);
}
