import { type Answer, notFound } from './answer.ts';
import type { Addresses } from './operation.ts';
import type { Repository } from './repository.ts';
import type { Rights } from './serve-api.ts';

/** Old copies that caches give of files on a branch. */
export interface Staleness {
  /** So many reads still get the file as it was one commit before, if it was there. */
  reads: number;
}

/**
 * The pages of the site that need no API: `releases/download/TAG/NAME`, and `raw/BRANCH/NAME`. Both lead to another
 * host.
 */
export function answerSite(
  repository: Repository,
  { objectLink }: Addresses,
  objects: string,
  path: string,
  { mayRead }: Rights,
): Answer {
  const below = path.startsWith(`/${repository.fullName}/`) ? path.slice(repository.fullName.length + 2) : '';
  const [, tag, name] = /^releases\/download\/([^/]+)\/([^/]+)$/.exec(below) ?? [];
  const redirect = (location: string): Answer => ({ status: 302, headers: { location } });
  // The site knows cookies, and no tokens: what is private is not there.
  if (repository.isPrivate || !mayRead) return notFound();
  if (tag !== undefined) {
    const asset = repository.published(tag)?.assets.find((one) => one.name === name && one.state === 'uploaded');
    return asset === undefined ? notFound() : redirect(objectLink(asset.id));
  }
  const [, branch, file] = /^raw\/([^/]+)\/([^/]+)$/.exec(below) ?? [];
  return branch === undefined ? notFound() : redirect(`${objects}/raw/${branch}/${file}`);
}

/** The host that has the bytes: `assets/ID?sig=…`, and `raw/BRANCH/NAME`. */
export function answerObjects(repository: Repository, { pathname, searchParams }: URL, stale: Staleness): Answer {
  const [, id] = /^\/assets\/(\d+)$/.exec(pathname) ?? [];
  if (id !== undefined) {
    const asset = searchParams.has('sig') ? repository.findAsset(Number(id))?.asset : undefined;
    if (asset === undefined || asset.state === 'starter') return notFound();
    const headers = { 'content-type': asset.contentType, etag: `"${asset.sha256}"`, 'accept-ranges': 'bytes' };
    return { status: 200, headers, content: { kind: 'file', path: asset.path, size: asset.size } };
  }
  const [, branch = '', name = ''] = /^\/raw\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  const old = stale.reads > 0 ? repository.fileOn(branch, name, 1) : undefined;
  if (old !== undefined) stale.reads -= 1;
  const file = old ?? repository.fileOn(branch, name);
  if (file === undefined) return notFound();
  const headers = { 'content-type': 'text/plain', etag: `"${file.sha}"`, 'cache-control': 'max-age=300' };
  return { status: 200, headers, content: { kind: 'bytes', bytes: file.bytes } };
}
