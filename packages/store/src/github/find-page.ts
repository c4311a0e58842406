import type { Version } from '@goldstream/release';
import type { ReleasePage } from '../store.ts';
import { type GithubMeans, openApi } from './api.ts';
import { githubFailure } from './failure.ts';
import { findDrafts, findPublished } from './session.ts';

/**
 * The page of a version on GitHub, or of the oldest draft of it.
 *
 * @throws StoreError `STORE_UNAUTHORISED`, `STORE_RATE_LIMITED`, `STORE_UNREACHABLE`
 */
export async function findPage(means: GithubMeans, version: Version): Promise<ReleasePage | undefined> {
  const asked = { api: openApi(means), means, version };
  try {
    const found = (await findPublished(asked)) ?? (await findDrafts(asked))[0];
    return found && { id: found.id, url: found.html_url };
  } catch (error) {
    throw githubFailure(error, `${means.site.name}, the page of ${version}`);
  }
}
