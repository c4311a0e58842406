import { machine } from 'node:os';
import type { GoldenPolicy } from '@goldstream/component';
import type { ReleaseManifest, Version } from '@goldstream/release';
import { isAllowedXattr } from '@goldstream/send-stream';
import { openStore, type Store } from '@goldstream/store';
import { findSecretKey, type SecretKey } from '@goldstream/system';
import { fetchTrustedRelease } from '@goldstream/transfer';
import { gatherPrivileges, type Privilege } from '@goldstream/tree';
import { BuilderError } from '../error.ts';
import { ownKeyring } from '../keys/own-keyring.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { gatherSend, type SendFacts } from '../send/facts.ts';
import type { Tools } from '../tools.ts';
import { findParents, type ParentWish, type SkippedParent } from './find-parents.ts';

/** What decides how a version is released. */
export interface ReleaseFacts {
  readonly send: SendFacts;
  readonly storeUrl: string;
  /** What the store holds under this version, signed by our key. */
  readonly published: ReleaseManifest | undefined;
  readonly key: SecretKey;
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

/** What is asked for: where to, from which releases, and how large incrementals may get. */
export interface ReleaseWish {
  /** Stands before the store of golden.yaml. */
  readonly to: string | undefined;
  readonly parents: ParentWish;
  /** Stands before the budget of golden.yaml. */
  readonly maxDelta: number | undefined;
}

/**
 * Looks at the snapshot, the store and the key.
 * @throws errors of `gatherSend` and of the store; `RELEASE_UNTRUSTED` when the version is published and not by us
 */
export async function gatherRelease(
  tools: Tools,
  version: Version,
  { to, parents, maxDelta }: ReleaseWish,
): Promise<ReleaseFacts> {
  const { golden } = tools.recipe;
  const store = demandStore(tools, to ?? golden.release.store);
  await demandPool(tools, ['zstd', 'gpg', 'gpgv']);
  const key = await findSecretKey(tools.runner, tools.gpgHome, golden.release.key);
  const keyring = await ownKeyring(tools, key);
  const versions = await store.listVersions();
  const published = versions.includes(version)
    ? (await fetchTrustedRelease(tools.runner, store, version, { keyring })).manifest
    : undefined;
  const { usable, skipped } = await findParents(tools, store, { version, versions, wish: parents, keyring });
  const send = await gatherSend(tools, version, { full: true, parents: usable, maxDelta });
  return {
    send,
    storeUrl: store.url,
    published,
    key,
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

function demandStore({ layout }: Tools, url: string | undefined): Store {
  if (url !== undefined) return openStore(url, layout.application);
  throw new BuilderError('BUILDER_NO_STORE', 'no store was named, neither as --to nor as store: in golden.yaml', {
    hint: 'Name one: --to dir:/srv/releases',
  });
}
