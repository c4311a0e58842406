import { StoreError } from '../error.ts';
import type { OnBytes, Publication, Published } from '../store.ts';
import { type GithubMeans, openApi } from './api.ts';
import { claimDraft } from './claim-draft.ts';
import { githubFailure, hasStatus, isRefusedFor } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { type GithubRelease, isUploaded, releaseSchema, sha256Of } from './release-schema.ts';
import { deleteAsset, demandOwn, elsewhere, findPublished, listAssets, repositoryOf, type Session } from './session.ts';
import { isRight, uploadAsset } from './upload-asset.ts';
import { gatherWanted, type WantedAsset, type WantedRelease } from './wanted-assets.ts';

/** Uploads at a time: more are not faster, and GitHub wants a second between two changes anyway. */
const UPLOADS = 4;

/**
 * Publishes a version on GitHub: a draft that names the snapshot, all assets, what GitHub has of them compared, the
 * manifest and its signature, and then the draft is made public in one call. Until then nobody sees any of it.
 *
 * A publication that is to stay a draft ends before that call.
 *
 * Run again it goes on: assets of the same snapshot with the same digest stay, everything else is replaced. What is
 * published is never touched.
 *
 * @throws StoreError `STORE_ALREADY_PUBLISHED`, `STORE_OCCUPIED`, `STORE_PUBLISHING_ELSEWHERE`, `STORE_TAG_BURNT`,
 * `STORE_PUBLISH_FAILED`, `STORE_UNAUTHORISED`, `STORE_RATE_LIMITED`, `STORE_UNREACHABLE`, `STORE_MISSING`
 */
export async function publishRelease(
  means: GithubMeans,
  publication: Publication,
  onBytes: OnBytes = () => {},
): Promise<Published> {
  const { version } = publication;
  const wanted = await gatherWanted(publication);
  const session: Session = { api: openApi(means), means, version, snapshot: wanted.snapshot, onBytes };
  try {
    const published = await findPublished(session);
    if (published !== undefined) return await comparePublished(session, published, wanted);
    const draft = await claimDraft(session);
    await fill(session, draft, wanted);
    if (publication.draft) return 'draft';
    await makePublic(session, draft, wanted);
    return 'published';
  } catch (error) {
    throw githubFailure(error, `${means.site.name}, publishing of ${version}`);
  }
}

/** Everything in the order in which it may appear: streams and the rest in any, then manifest and signature. */
async function fill(session: Session, draft: GithubRelease, { assets, last }: WantedRelease): Promise<void> {
  const kept = await keepRight(session, draft, [...assets, ...last]);
  const missing = (list: readonly WantedAsset[]) => list.filter(({ name }) => !kept.has(name));
  await inParallel(missing(assets), UPLOADS, (asset) => uploadAsset(session, draft, asset));
  await demandOwn(session, draft);
  for (const asset of missing(last)) await uploadAsset(session, draft, asset);
}

/** The names of what is there already and right, by its digest; everything else in the draft goes. */
async function keepRight(session: Session, draft: GithubRelease, wanted: readonly WantedAsset[]): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const found of await listAssets(session, draft)) {
    const asset = wanted.find(({ name }) => name === found.name);
    if (asset !== undefined && sha256Of(found) === asset.sha256 && isRight(found, asset)) {
      kept.add(found.name);
      session.onBytes(asset.bytes);
    } else {
      await deleteAsset(session, found);
    }
  }
  return kept;
}

/** The moment at which the version exists. Nothing is made public that was not compared once more, as a whole. */
async function makePublic(session: Session, draft: GithubRelease, wanted: WantedRelease): Promise<void> {
  const { api, version, means } = session;
  await demandWhole(session, draft, wanted);
  await demandOwn(session, draft);
  try {
    const { data } = await api.rest.repos.updateRelease({
      ...repositoryOf(session),
      release_id: draft.id,
      draft: false,
      // A release of an older line is not the newest one.
      make_latest: 'legacy',
    });
    if (!releaseSchema.parse(data).draft) return;
  } catch (error) {
    if (isRefusedFor(error, /used by an immutable release/)) {
      throw new StoreError('STORE_TAG_BURNT', `${means.site.name}: ${version} belonged to a release that was deleted`, {
        cause: error,
        hint: 'Release the same snapshot’s content under the next version: GitHub gives this tag to nobody any more.',
      });
    }
    if (isRefusedFor(error, /already_exists/)) throw elsewhere(session, undefined);
    // An answer that was lost: it may have happened.
    if (hasStatus(error, 404) || (await findPublished(session))?.id !== draft.id) throw error;
    return;
  }
  throw new StoreError('STORE_PUBLISH_FAILED', `${means.site.name} still has ${version} as a draft`, {
    hint: 'Run the same command again.',
  });
}

async function demandWhole(session: Session, draft: GithubRelease, { assets, last }: WantedRelease): Promise<void> {
  const found = await listAssets(session, draft);
  const all = [...assets, ...last];
  const wrong = all.filter((asset) => !found.some((one) => one.name === asset.name && isRight(one, asset)));
  const foreign = found.filter(({ name }) => !all.some((asset) => asset.name === name));
  if (wrong.length === 0 && foreign.length === 0) return;
  const names = [...wrong, ...foreign].map(({ name }) => name).join(', ');
  throw new StoreError(
    'STORE_PUBLISHING_ELSEWHERE',
    `somebody else changed the draft of ${session.version}: ${names}`,
    {
      hint: 'Let only one run publish a version, then run the same command again.',
    },
  );
}

/** The manifest names everything else by digest. */
async function comparePublished(
  { means: { site }, version }: Session,
  { assets }: GithubRelease,
  { last: [manifest] }: WantedRelease,
): Promise<'unchanged'> {
  const found = assets.find(({ name }) => name === manifest?.name);
  if (found !== undefined && isUploaded(found) && sha256Of(found) === manifest?.sha256) return 'unchanged';
  if (found === undefined) {
    throw new StoreError('STORE_OCCUPIED', `${site.name} has published ${version} without ${manifest?.name}`, {
      hint: 'A published release is never changed: publish under the next version.',
    });
  }
  throw new StoreError('STORE_ALREADY_PUBLISHED', `${site.name} holds ${version} with another manifest`, {
    hint: 'A published release never changes: publish this one under a new version.',
  });
}
