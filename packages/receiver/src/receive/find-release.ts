import { readFile } from 'node:fs/promises';
import { CodedError } from '@goldstream/errors';
import { signatureName, type Version } from '@goldstream/release';
import { fetchManifest, type SignedManifest, type Store } from '@goldstream/store';
import { demandTools } from '@goldstream/system';
import type { TrustedRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { believe, readKeptBelief } from '../trust/belief.ts';
import { demandUnexpired } from '../trust/demand-unexpired.ts';
import { judgeRelease } from '../trust/judge-release.ts';

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
export function storeOf({ config, layout, openStore }: Tools, { store = config.store }: Sources = {}): Store {
  if (store !== undefined) return openStore(store);
  throw new ReceiverError('CONFIG_INVALID', `${layout.config} names no store`, {
    hint: `Write store: dir:/PATH into ${layout.config}, or give --store dir:/PATH.`,
  });
}

/**
 * A release, judged: from a manifest file when one was given, else from the store, and where that cannot be had, from
 * what `fetch` has kept. Needs gpg and gpgv, and zstd for what comes next.
 */
export async function findRelease(tools: Tools, version: Version, sources: Sources): Promise<TrustedRelease> {
  await demandTools(tools.runner, ['zstd', 'gpg', 'gpgv']);
  return sources.manifest === undefined
    ? findStored(tools, version, sources)
    : findGiven(tools, version, { ...sources, manifest: sources.manifest });
}

/** From the store. Keys and channel come first: what they refuse is not asked for. */
export async function fetchRelease(tools: Tools, store: Store, version: Version): Promise<TrustedRelease> {
  return judgeRelease(tools, await believe(tools, store), version, await fetchManifest(store, version));
}

async function findGiven(
  tools: Tools,
  version: Version,
  sources: Sources & { readonly manifest: string },
): Promise<TrustedRelease> {
  const signed = {
    manifest: await readGiven(sources.manifest),
    signature: await readGiven(signatureName(sources.manifest)),
  };
  return judgeRelease(tools, await beliefFor(tools, sources), version, signed);
}

/** What is known without a store is enough for a file that an operator names, while its channel has not expired. */
async function beliefFor(tools: Tools, sources: Sources) {
  const kept = await readKeptBelief(tools);
  if (tools.config.channel === undefined) return kept;
  try {
    return await believe(tools, storeOf(tools, sources));
  } catch (error) {
    if (!isAbsence(error) || kept.channel === undefined) throw error;
    demandUnexpired(kept.channel, tools.now());
    return kept;
  }
}

async function findStored(tools: Tools, version: Version, sources: Sources): Promise<TrustedRelease> {
  const kept = await readFetched(tools, version);
  if (kept === undefined) return fetchRelease(tools, storeOf(tools, sources), version);
  const asked = await askStore(tools, version, sources);
  if (!(asked instanceof CodedError)) return judgeRelease(tools, asked.belief, version, asked.signed);
  // It was verified when it was fetched: neither an absent store nor a refused channel keeps it from being used.
  if (asked.category !== 'store')
    tools.io.warn(`warning: ${asked.message}; ${version} is taken as it was fetched before`);
  return judgeRelease(tools, await readKeptBelief(tools), version, kept);
}

async function askStore(tools: Tools, version: Version, sources: Sources) {
  try {
    const store = storeOf(tools, sources);
    const belief = await believe(tools, store);
    return { belief, signed: await fetchManifest(store, version) };
  } catch (error) {
    if (isAbsence(error) || (error instanceof CodedError && error.category === 'trust')) return error;
    throw error;
  }
}

/** Whether there was nothing to judge. */
function isAbsence(error: unknown): error is CodedError {
  return error instanceof CodedError && (error.category === 'store' || error.code === 'CONFIG_INVALID');
}

/** What `fetch` has kept of a version. */
async function readFetched({ layout, openStore }: Tools, version: Version): Promise<SignedManifest | undefined> {
  try {
    return await fetchManifest(openStore(`dir:${layout.cache}`), version);
  } catch (error) {
    if (error instanceof CodedError && error.category === 'store') return undefined;
    throw error;
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
