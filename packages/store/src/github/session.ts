import type { Version } from '@goldstream/release';
import * as z from 'zod';
import { StoreError } from '../error.ts';
import type { OnBytes } from '../store.ts';
import type { Api, GithubMeans } from './api.ts';
import { parseDraftBody } from './draft-body.ts';
import { hasStatus } from './failure.ts';
import { assetSchema, type GithubAsset, type GithubRelease, releaseSchema } from './release-schema.ts';

/** A version on GitHub, and how it is asked about. */
export interface Inquiry {
  readonly api: Api;
  readonly means: GithubMeans;
  readonly version: Version;
}

/** One run of publishing one version. */
export interface Session extends Inquiry {
  /** UUID of the snapshot that is published. */
  readonly snapshot: string;
  readonly onBytes: OnBytes;
}

/** The repository, as octokit's operations want it. */
export function repositoryOf({ means: { site } }: Pick<Inquiry, 'means'>): {
  readonly owner: string;
  readonly repo: string;
} {
  return { owner: site.owner, repo: site.repo };
}

/** The published release of the version. */
export async function findPublished(session: Inquiry): Promise<GithubRelease | undefined> {
  const { api, version } = session;
  try {
    const { data } = await api.rest.repos.getReleaseByTag({ ...repositoryOf(session), tag: version });
    return releaseSchema.parse(data);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Drafts with the version's tag, the oldest first. GitHub lets there be several. */
export async function findDrafts(session: Inquiry): Promise<readonly GithubRelease[]> {
  const { api, version } = session;
  const all = await api.paginate(api.rest.repos.listReleases, { ...repositoryOf(session), per_page: 100 });
  return z
    .array(releaseSchema)
    .parse(all)
    .filter(({ draft, tag_name: tag }) => draft && tag === version)
    .sort((one, other) => one.id - other.id);
}

/** Every asset of a release: the release itself names no more than its first ones. */
export async function listAssets(session: Session, release: GithubRelease): Promise<readonly GithubAsset[]> {
  const { api } = session;
  const of = { ...repositoryOf(session), release_id: release.id, per_page: 100 };
  return z.array(assetSchema).parse(await api.paginate(api.rest.repos.listReleaseAssets, of));
}

/** Takes an asset out of a draft. */
export async function deleteAsset(session: Session, { id }: GithubAsset): Promise<void> {
  const { api } = session;
  try {
    await api.rest.repos.deleteReleaseAsset({ ...repositoryOf(session), asset_id: id });
  } catch (error) {
    // After an answer that was lost, it is gone.
    if (!hasStatus(error, 404)) throw error;
  }
}

/**
 * Fails unless the draft is still there and still ours.
 *
 * @throws StoreError `STORE_PUBLISHING_ELSEWHERE`
 */
export async function demandOwn(session: Session, draft: GithubRelease): Promise<void> {
  const { api, snapshot } = session;
  try {
    const { data } = await api.rest.repos.getRelease({ ...repositoryOf(session), release_id: draft.id });
    const release = releaseSchema.parse(data);
    if (release.draft && parseDraftBody(release.body)?.snapshot === snapshot) return;
    throw elsewhere(session, parseDraftBody(release.body)?.snapshot);
  } catch (error) {
    throw hasStatus(error, 404) ? elsewhere(session, undefined) : error;
  }
}

/** The error of the run that lost. */
export function elsewhere({ means: { site }, version, snapshot }: Session, other: string | undefined): StoreError {
  const who = other === undefined || other === snapshot ? 'another run' : `a run with snapshot ${other}`;
  return new StoreError('STORE_PUBLISHING_ELSEWHERE', `${site.name}: ${who} publishes ${version}; this one stops`, {
    hint: `Let it finish. Its streams are of a snapshot of its own: this one can only become another version.`,
  });
}
