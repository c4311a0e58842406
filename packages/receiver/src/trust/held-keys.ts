import { readdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ListedKey, parseKeyListing } from '@goldstream/release';
import { listKeyring, makeDirectoryDurably, writeDurably } from '@goldstream/system';
import type { BelievedKeys } from '@goldstream/transfer';
import * as z from 'zod';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { readRecord, writeRecord } from '../state/store-records.ts';
import { readWithdrawn } from './withdrawn-keys.ts';

/** The keys that this host believes now. */
export type HeldKeys = BelievedKeys;

const fingerprint = z.string().regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/);

const keySetSchema = z.object({
  number: z.int().min(1),
  threshold: z.int().min(1),
  keys: z.array(fingerprint),
  withdrawn: z.array(fingerprint),
  sha256: z.string(),
});

/**
 * The newest set that this host has reached in the chain of keys documents, else its operator's keyring, which is
 * number 0. What the operator withdrew counts in none of them.
 * @throws SystemError `GPG_BAD_KEYRING`; ReceiverError `HOST_BAD_RECORD`
 */
export async function readHeldKeys(tools: Tools): Promise<HeldKeys> {
  const { layout } = tools;
  const mine = (await readWithdrawn(layout)).map((key) => key.fingerprint);
  const number = await newestKeysNumber(layout);
  if (number === 0) return readOperatorKeys(tools, mine);
  const stored = await readRecord(layout.keysRecord(number), keySetSchema);
  if (stored === undefined) throw new Error(`${layout.keysRecord(number)} went away`);
  const withdrawn = [...new Set([...stored.withdrawn, ...mine])].sort();
  const keys = stored.keys.filter((key) => !withdrawn.includes(key));
  return { set: { ...stored, keys, withdrawn }, keyring: await readFile(layout.keysKeyring(number)) };
}

/** Stores what was reached, whole or not at all: the record, which makes it count, comes last. */
export async function storeKeys({ layout }: Tools, { set, keyring }: HeldKeys, signed: Uint8Array): Promise<void> {
  await makeDirectoryDurably(dirname(layout.keysRecord(set.number)), 0o700);
  await writeDurably(layout.keysDocument(set.number), signed, 0o600);
  await writeDurably(layout.keysKeyring(set.number), keyring, 0o600);
  await writeRecord(layout.keysRecord(set.number), set);
}

/** Where the operator's keyring is. */
export function operatorKeyring({ config, layout }: Tools): string {
  return config.keyring === undefined ? layout.keyring : resolve(layout.root, `.${config.keyring}`);
}

/** What gpg lists of a keyring. */
export async function listKeys({ runner }: Pick<Tools, 'runner'>, keyring: string): Promise<readonly ListedKey[]> {
  return parseKeyListing(await listKeyring(runner, keyring));
}

async function readOperatorKeys(tools: Tools, withdrawn: readonly string[]): Promise<HeldKeys> {
  const path = operatorKeyring(tools);
  const listed = await listKeys(tools, path);
  const primaries = new Set(listed.map(({ primary }) => primary));
  const keys = [...primaries].filter((key) => !withdrawn.includes(key)).sort();
  const set = { number: 0, threshold: tools.config.threshold, keys, withdrawn };
  return { set, keyring: await readFile(path) };
}

/** Number of the newest keys document that this host has reached; 0: none. */
export async function newestKeysNumber({ keysRecord }: Layout): Promise<number> {
  const names = await readdir(dirname(keysRecord(1))).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Math.max(0, ...names.flatMap((name) => /^([1-9]\d*)\.json$/.exec(name)?.slice(1).map(Number) ?? []));
}
