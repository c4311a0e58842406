import { createHash } from 'node:crypto';
import type { ChannelRelease, KeysPointer, Version } from '@goldstream/release';
import { fetchManifest, type Store } from '@goldstream/store';
import { trustRelease } from '@goldstream/transfer';
import { demandStore } from '../demand-store.ts';
import { chooseSigners } from '../keys/choose-signers.ts';
import { demandHome } from '../keys/home.ts';
import { gatherKeyTrust, type KeyTrust } from '../keys/key-trust.ts';
import { gatherOwnKeys, type OwnKey, type OwnKeys } from '../keys/own-keys.ts';
import { wantedKeys } from '../keys/wanted-keys.ts';
import type { Tools } from '../tools.ts';
import { type ChannelInStore, readChannel } from './read-channel.ts';

/** A store, and whom we believe there. */
export interface Site {
  readonly store: Store;
  readonly own: OwnKeys;
  readonly trust: KeyTrust;
}

/** What decides how a channel is changed. */
export interface ChannelFacts {
  readonly storeUrl: string;
  readonly application: string;
  readonly name: string;
  readonly inStore: ChannelInStore;
  /** The newest keys document. */
  readonly keys: KeysPointer | undefined;
  /** The keys that sign. */
  readonly signers: readonly OwnKey[];
  readonly now: Date;
}

/** Opens the store and finds out whom we believe in it. @throws errors of `demandStore` and `gatherKeyTrust` */
export async function gatherSite(tools: Tools, storeUrl: string | undefined): Promise<Site> {
  const store = demandStore(tools, storeUrl);
  await demandHome(tools);
  const own = await gatherOwnKeys(tools);
  return { store, own, trust: await gatherKeyTrust(tools, store, own) };
}

/** Looks at a channel. @throws errors of `chooseSigners` and of the store */
export async function gatherChannel(
  tools: Tools,
  { store, own, trust }: Site,
  { name, key }: { readonly name: string; readonly key: readonly string[] },
): Promise<ChannelFacts> {
  return {
    storeUrl: store.url,
    application: store.application,
    name,
    inStore: await readChannel(tools, store, name, trust),
    keys: trust.pointer,
    signers: chooseSigners(own, wantedKeys(tools, key), trust.set),
    now: tools.clock(),
  };
}

/**
 * The release as a channel names it: it is in the store, and its manifest was signed by as many keys as sign now. A
 * manifest that a believed channel names already is proven by that.
 *
 * @throws errors of `fetchManifest` and `trustRelease`
 */
export async function gatherRelease(
  { runner }: Tools,
  { store, trust }: Site,
  version: Version,
  inStore: ChannelInStore,
): Promise<ChannelRelease> {
  const signed = await fetchManifest(store, version);
  const manifestSha256 = createHash('sha256').update(signed.manifest).digest('hex');
  const named = inStore.kind === 'believed' ? inStore.channel.releases : [];
  if (!named.some((release) => release.version === version && release.manifestSha256 === manifestSha256)) {
    const demand = { keyring: trust.archive, threshold: trust.set.threshold };
    await trustRelease(runner, { application: store.application, version }, signed, demand);
  }
  return { version, manifestSha256 };
}

/** The current release of a believed channel as it is in the store; undefined where there is no such channel. */
export async function gatherCurrent(
  tools: Tools,
  site: Site,
  inStore: ChannelInStore,
): Promise<ChannelRelease | undefined> {
  return inStore.kind === 'believed' ? gatherRelease(tools, site, inStore.channel.current, inStore) : undefined;
}
