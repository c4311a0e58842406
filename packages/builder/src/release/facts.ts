import { machine } from 'node:os';
import type { GoldenPolicy } from '@goldstream/component';
import type { KeysPointer, Version } from '@goldstream/release';
import { isAllowedXattr } from '@goldstream/send-stream';
import { fetchTrustedRelease, type TrustedRelease } from '@goldstream/transfer';
import { gatherPrivileges, type Privilege } from '@goldstream/tree';
import { demandStore } from '../demand-store.ts';
import { chooseSigners } from '../keys/choose-signers.ts';
import { gatherKeyTrust } from '../keys/key-trust.ts';
import { gatherOwnKeys, type OwnKey } from '../keys/own-keys.ts';
import { wantedKeys } from '../keys/wanted-keys.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { gatherSend, type SendFacts } from '../send/facts.ts';
import type { Tools } from '../tools.ts';
import { findParents, type ParentWish, type SkippedParent } from './find-parents.ts';

/** What decides how a version is released. */
export interface ReleaseFacts {
  readonly send: SendFacts;
  readonly storeUrl: string;
  /** Whether it is left for a person to publish. */
  readonly draft: boolean;
  /** What the store holds under this version, signed by a key that we believe. */
  readonly published: TrustedRelease | undefined;
  /** The keys that sign; enough for the newest keys document. */
  readonly signers: readonly OwnKey[];
  /** The newest keys document, which the manifest names. */
  readonly keys: KeysPointer | undefined;
  /** Parents of the store from which no incremental can be made here. */
  readonly skipped: readonly SkippedParent[];
  /** What the recipe asks hosts to allow. */
  readonly policy: GoldenPolicy;
  /** What in the snapshot hosts have to allow. */
  readonly privileges: readonly Privilege[];
  readonly now: Date;
  /** As `uname -m` names it. */
  readonly architecture: string;
}

/** What is asked for: where to, from which releases, how large incrementals may get, and who signs. */
export interface ReleaseWish {
  /** Stands before the store of golden.yaml. */
  readonly to: string | undefined;
  readonly draft: boolean;
  readonly parents: ParentWish;
  /** Stands before the budget of golden.yaml. */
  readonly maxDelta: number | undefined;
  /** Stands before the keys of golden.yaml. */
  readonly key: readonly string[];
}

/**
 * Looks at the snapshot, the store and the keys.
 * @throws errors of `gatherSend` and of the store; `RELEASE_UNTRUSTED` when the version is published and not by us; of
 * `gatherKeyTrust` and `chooseSigners`
 */
export async function gatherRelease(
  tools: Tools,
  version: Version,
  { to, draft, parents, maxDelta, key }: ReleaseWish,
): Promise<ReleaseFacts> {
  const { golden } = tools.recipe;
  const store = demandStore(tools, to);
  await demandPool(tools, ['zstd', 'gpg', 'gpgv']);
  const own = await gatherOwnKeys(tools);
  const trust = await gatherKeyTrust(tools, store, own);
  const signers = chooseSigners(own, wantedKeys(tools, key), trust.set);
  const keyring = trust.archive;
  const versions = await store.listVersions();
  const published = versions.includes(version)
    ? await fetchTrustedRelease(tools.runner, store, version, { keyring })
    : undefined;
  const { usable, skipped } = await findParents(tools, store, { version, versions, wish: parents, keyring });
  const send = await gatherSend(tools, version, { full: true, parents: usable, maxDelta });
  return {
    send,
    storeUrl: store.url,
    draft,
    published,
    signers,
    keys: trust.pointer,
    skipped,
    policy: golden.policy,
    privileges: published === undefined ? await gatherPrivileges(send.snapshot.path, tools.runner, isUsual) : [],
    now: tools.now(),
    architecture: golden.release.architecture ?? machine(),
  };
}

/** Names as the tree has them: one character per byte. */
function isUsual(xattr: string): boolean {
  return isAllowedXattr(Buffer.from(xattr, 'latin1'));
}
