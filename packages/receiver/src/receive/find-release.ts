import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
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
 * A release, judged: from a manifest file when one was given, else from the store. Needs gpgv, and zstd for what comes
 * next.
 */
export async function findRelease(tools: Tools, version: Version, sources: Sources): Promise<TrustedRelease> {
  await demandTools(tools.runner, ['zstd', 'gpgv']);
  if (sources.manifest === undefined) {
    return fetchTrustedRelease(tools.runner, storeOf(tools, sources), version, trustOf(tools));
  }
  const signed = {
    manifest: await readFile(sources.manifest),
    signature: await readFile(signatureName(sources.manifest)),
  };
  return trustRelease(tools.runner, { application: tools.layout.application, version }, signed, trustOf(tools));
}
