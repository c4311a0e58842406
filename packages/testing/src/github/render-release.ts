import type { Addresses } from './operation.ts';
import type { Repository, StoredAsset, StoredRelease } from './repository.ts';

const WHEN = '2026-01-31T12:00:00Z';

/** A release as the API shows it. */
export function renderRelease(repository: Repository, release: StoredRelease, addresses: Addresses) {
  const url = `${addresses.api}/repos/${repository.fullName}/releases/${release.id}`;
  const page = `${addresses.site}/${repository.fullName}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${addresses.uploads}/repos/${repository.fullName}/releases/${release.id}/assets{?name,label}`,
    html_url: `${page}/releases/tag/${release.tag}`,
    tarball_url: release.draft ? null : `${page}/archive/${release.tag}.tar.gz`,
    zipball_url: release.draft ? null : `${page}/archive/${release.tag}.zip`,
    id: release.id,
    node_id: `RE_${release.id}`,
    tag_name: release.tag,
    target_commitish: 'main',
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: repository.isImmutable(release),
    created_at: WHEN,
    published_at: release.draft ? null : WHEN,
    author: renderUser(addresses),
    assets: release.assets.map((asset) => renderAsset(repository, release, asset, addresses)),
  };
}

/** An asset as the API shows it. */
export function renderAsset(repository: Repository, release: StoredRelease, asset: StoredAsset, addresses: Addresses) {
  const { id, name, contentType, state, size, sha256 } = asset;
  return {
    url: `${addresses.api}/repos/${repository.fullName}/releases/assets/${id}`,
    browser_download_url: `${addresses.site}/${repository.fullName}/releases/download/${release.tag}/${name}`,
    id,
    node_id: `RA_${id}`,
    name,
    label: null,
    state,
    content_type: contentType,
    size,
    digest: sha256 === undefined ? null : `sha256:${sha256}`,
    download_count: 0,
    created_at: WHEN,
    updated_at: WHEN,
    uploader: renderUser(addresses),
  };
}

function renderUser({ api, site }: Addresses) {
  const url = `${api}/users/octo`;
  return {
    login: 'octo',
    id: 1,
    node_id: 'U_1',
    avatar_url: `${site}/octo.png`,
    gravatar_id: '',
    url,
    html_url: `${site}/octo`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  };
}
