import { type Answer, json, notFound, refused } from './answer.ts';
import type { Call, Operations } from './operation.ts';
import { renderRelease } from './render-release.ts';
import type { Repository, StoredRelease } from './repository.ts';

/** What the API may be told of a release; the description was checked before. */
interface ReleaseFields {
  readonly tag_name?: string;
  readonly name?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
}

const USED_BY_IMMUTABLE = 'tag_name was used by an immutable release';

/** Releases. Drafts are seen by those who may write. */
export const releaseOperations: Operations = {
  'repos/list-releases': (call) => {
    const seen = [...call.repository.releases].reverse().filter((release) => isSeen(call, release));
    return page(call, seen, (release) => renderRelease(call.repository, release, call.addresses));
  },

  'repos/create-release': (call) => {
    const { repository } = call;
    const { tag_name: tag = '', name, body, draft = false, prerelease = false } = fieldsOf(call);
    const objection = draft ? undefined : objectionTo(repository, tag);
    if (objection !== undefined) return objection;
    const release: StoredRelease = {
      id: repository.nextId(),
      tag,
      name: name ?? null,
      body: body ?? null,
      draft,
      prerelease,
      assets: [],
    };
    repository.releases.push(release);
    return shown(call, release, 201);
  },

  'repos/get-release-by-tag': (call) => shown(call, call.repository.published(call.params['tag'] ?? '')),

  'repos/get-release': (call) => shown(call, releaseOf(call)),

  'repos/update-release': (call) => {
    const { repository } = call;
    const release = releaseOf(call);
    if (release === undefined) return notFound();
    const { tag_name: tag = release.tag, name, body, draft = release.draft, prerelease } = fieldsOf(call);
    if (repository.isImmutable(release) && (tag !== release.tag || draft)) {
      return refused('Cannot change the tag of an immutable release');
    }
    const objection = release.draft && !draft ? objectionTo(repository, tag) : undefined;
    if (objection !== undefined) return objection;
    release.tag = tag;
    release.draft = draft;
    release.name = name ?? release.name;
    release.body = body ?? release.body;
    release.prerelease = prerelease ?? release.prerelease;
    return shown(call, release);
  },

  'repos/delete-release': (call) => {
    const { repository } = call;
    const release = releaseOf(call);
    if (release === undefined) return notFound();
    if (repository.isImmutable(release)) repository.burntTags.add(release.tag);
    repository.releases.splice(repository.releases.indexOf(release), 1);
    return { status: 204 };
  },
};

/** The release that a path names, as far as the caller sees it. */
export function releaseOf(call: Call): StoredRelease | undefined {
  const id = Number(call.params['release_id']);
  return call.repository.releases.find((release) => release.id === id && isSeen(call, release));
}

/** One page of a list, with a link to the next (RFC 8288). */
export function page<Item>({ query, url }: Call, items: readonly Item[], render: (item: Item) => unknown): Answer {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const number = Number(query.get('page') ?? 1);
  const rest = items.slice(size * (number - 1));
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  const more: Record<string, string> = rest.length > size ? { link: `<${next}>; rel="next"` } : {};
  return json(200, rest.slice(0, size).map(render), more);
}

function isSeen({ mayWrite }: Call, release: StoredRelease): boolean {
  return !release.draft || mayWrite;
}

function shown({ repository, addresses }: Call, release: StoredRelease | undefined, status = 200): Answer {
  return release === undefined ? notFound() : json(status, renderRelease(repository, release, addresses));
}

/** Why no release may be published under a tag. */
function objectionTo(repository: Repository, tag: string): Answer | undefined {
  if (repository.burntTags.has(tag)) {
    return refused('Validation Failed', {
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: USED_BY_IMMUTABLE,
    });
  }
  if (repository.published(tag) !== undefined) {
    return refused('Validation Failed', { resource: 'Release', code: 'already_exists', field: 'tag_name' });
  }
  return undefined;
}

function fieldsOf({ body }: Call): ReleaseFields {
  // The description was held against it.
  return (body ?? {}) as ReleaseFields;
}
