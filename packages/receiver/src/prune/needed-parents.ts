import { CodedError } from '@goldstream/errors';
import { newest, type Parent, type ReleaseManifest, type Version } from '@goldstream/release';
import type { TrustedRelease } from '@goldstream/transfer';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { fetchRelease, type Sources, storeOf } from '../receive/find-release.ts';
import { currentVersion } from '../trust/current-version.ts';
import { judgeKeptManifest, readKeptManifest } from '../verify/kept-manifest.ts';

/** The parents that streams of the newest release build on, or why nobody can tell. */
export type NeededParents =
  | { readonly kind: 'known'; readonly by: Version | undefined; readonly parents: readonly Parent[] }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * Asks the store's newest release; without a configured store, the newest of the manifests that this host has accepted.
 * A store that cannot be asked, or a release that is not trusted, is no proof that a parent is not needed.
 */
export async function gatherNeededParents(tools: Tools, host: HostFacts, sources: Sources): Promise<NeededParents> {
  try {
    const release = await newestRelease(tools, host, sources);
    return { kind: 'known', by: release?.manifest.version, parents: release ? parentsOf(release.manifest) : [] };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: 'unknown', because: error.message };
  }
}

async function newestRelease(tools: Tools, host: HostFacts, sources: Sources): Promise<TrustedRelease | undefined> {
  const { layout, config } = tools;
  if ((sources.store ?? config.store) !== undefined) {
    const store = storeOf(tools, sources);
    const version = await currentVersion(tools, store);
    return version && fetchRelease(tools, store, version);
  }
  const accepted = receivedVersions(host).filter(({ manifestSha256 }) => manifestSha256 !== undefined);
  const version = newest(accepted.map((record) => record.version));
  const signed = version && (await readKeptManifest(layout, version));
  return signed && judgeKeptManifest(tools, version, signed);
}

function parentsOf({ streams }: ReleaseManifest): readonly Parent[] {
  return streams.flatMap((stream) => (stream.kind === 'incremental' ? [stream.parent] : []));
}
