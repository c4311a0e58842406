import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CodedError } from '@goldstream/errors';
import { signatureName, type Version } from '@goldstream/release';
import { openStore, type Store } from '@goldstream/store';
import { demandTools } from '@goldstream/system';
import { fetchTrustedRelease, type TrustedRelease, trustRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';

/** Where a release may be described and fetched from. */
export interface Sources {
  /** URL given on the command line, instead of the configured one. */
  readonly store?: string | undefined;
  /** A manifest file, its `.asc` beside it. */
  readonly manifest?: string | undefined;
  /** Files of a stream, or `-`, instead of a store. */
  readonly from?: readonly string[] | undefined;
}

/** The store that the command line or the configuration names. */
export function storeOf({ config, layout }: Tools, { store = config.store }: Sources = {}): Store {
  if (store !== undefined) return openStore(store, layout.application);
  throw new ReceiverError('CONFIG_INVALID', `${layout.config} names no store`, {
    hint: `Write store: dir:/PATH into ${layout.config}, or give --store dir:/PATH.`,
  });
}

/** The keyring and threshold that decide whom this host believes. */
export function trustOf({ config, layout }: Tools) {
  const keyring = config.keyring === undefined ? layout.keyring : resolve(layout.root, `.${config.keyring}`);
  return { keyring, threshold: config.threshold };
}

/**
 * A release, judged: from a manifest file when one was given, else from the store, and where that cannot be had, from
 * what `fetch` has kept. Needs gpgv, and zstd for what comes next.
 */
export async function findRelease(tools: Tools, version: Version, sources: Sources): Promise<TrustedRelease> {
  await demandTools(tools.runner, ['zstd', 'gpgv']);
  if (sources.manifest === undefined) return findStored(tools, version, sources);
  const signed = {
    manifest: await readGiven(sources.manifest),
    signature: await readGiven(signatureName(sources.manifest)),
  };
  return trustRelease(tools.runner, { application: tools.layout.application, version }, signed, trustOf(tools));
}

async function findStored(tools: Tools, version: Version, sources: Sources): Promise<TrustedRelease> {
  const { runner, layout } = tools;
  const find = async (store: Store) => fetchTrustedRelease(runner, store, version, trustOf(tools));
  try {
    return await find(storeOf(tools, sources));
  } catch (error) {
    if (!(error instanceof CodedError) || (error.category !== 'store' && error.code !== 'CONFIG_INVALID')) throw error;
    return find(openStore(`dir:${layout.cache}`, layout.application)).catch((kept: unknown) => {
      // Nothing was kept: what is wrong with the store is the news.
      throw kept instanceof CodedError && kept.category === 'store' ? error : kept;
    });
  }
}

async function readGiven(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new ReceiverError('RECEIVE_UNSIGNED', `${file} cannot be read`, {
      cause,
      hint: 'Give --manifest FILE, with its signature FILE.asc beside it.',
    });
  });
}
