import { StoreError } from '../error.ts';
import { parseDraftBody, renderDraftBody } from './draft-body.ts';
import { type GithubRelease, releaseSchema } from './release-schema.ts';
import { deleteAsset, elsewhere, findDrafts, listAssets, repositoryOf, type Session } from './session.ts';

/**
 * The draft of the version, which says whose streams are in it before one is. What an earlier run has left is taken
 * over: of the same snapshot with its assets, of another without. Of two that begin at the same time one goes on.
 *
 * @throws StoreError `STORE_PUBLISHING_ELSEWHERE`; `STORE_OCCUPIED` for a draft that somebody else made
 */
export async function claimDraft(session: Session): Promise<GithubRelease> {
  const [found] = await findDrafts(session);
  return found === undefined ? beginDraft(session) : takeOver(session, found);
}

async function beginDraft(session: Session): Promise<GithubRelease> {
  const { api, version, snapshot } = session;
  const { application } = session.means;
  const { data } = await api.rest.repos.createRelease({
    ...repositoryOf(session),
    tag_name: version,
    name: `${application} ${version}`,
    body: renderDraftBody({ application, snapshot }),
    draft: true,
    prerelease: version.includes('-'),
  });
  const made = releaseSchema.parse(data);
  // The oldest one counts. It may also be one of our own, whose answer was lost.
  const [first = made] = await findDrafts(session);
  if (first.id === made.id) return made;
  await api.rest.repos.deleteRelease({ ...repositoryOf(session), release_id: made.id });
  const other = parseDraftBody(first.body)?.snapshot;
  if (other !== snapshot) throw elsewhere(session, other);
  return first;
}

async function takeOver(session: Session, draft: GithubRelease): Promise<GithubRelease> {
  const { api, means, version, snapshot } = session;
  const { application, client, site } = means;
  const mark = parseDraftBody(draft.body);
  if (mark?.application !== application) {
    throw new StoreError('STORE_OCCUPIED', `${site.name} has a draft of ${version} that is not ours`, {
      hint: 'Delete that draft, or give it another tag: nothing of it was touched.',
    });
  }
  if (mark.snapshot === snapshot) {
    client.onRetry?.(`${site.name} has a draft of ${version} with this snapshot; going on with it`);
    return draft;
  }
  client.onRetry?.(`${site.name} has a draft of ${version} with snapshot ${mark.snapshot}; its streams are discarded`);
  // First the mark: a run that is still at work on it sees that it has lost.
  const body = renderDraftBody({ application, snapshot });
  await api.rest.repos.updateRelease({ ...repositoryOf(session), release_id: draft.id, body });
  for (const asset of await listAssets(session, draft)) await deleteAsset(session, asset);
  return { ...draft, body };
}
