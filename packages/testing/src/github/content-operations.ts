import { type Answer, json, notFound, refused } from './answer.ts';
import { renderCommit } from './git-operations.ts';
import type { Call, Operations } from './operation.ts';

/** What the API may be told of a file; the description was checked before. */
interface FileFields {
  readonly message: string;
  readonly content: string;
  readonly sha?: string;
  readonly branch?: string;
}

/** Above this GitHub gives a file's bytes, and not its object. */
const LARGEST_OBJECT = 1024 * 1024;

/** Files at the root of a branch. */
export const contentOperations: Operations = {
  'repos/get-content': (call) => {
    const branch = call.query.get('ref') ?? 'main';
    const name = call.params['path'] ?? '';
    const file = call.repository.fileOn(branch, name);
    if (file === undefined) return notFound();
    const accept = call.headers.accept ?? '';
    if (/^application\/vnd\.github(\.v3)?\.raw(\+json)?$/.test(accept)) {
      const headers = { 'content-type': accept, etag: `"${file.sha}"` };
      return { status: 200, headers, content: { kind: 'bytes', bytes: file.bytes } };
    }
    const isLarge = file.bytes.length > LARGEST_OBJECT;
    return json(200, {
      ...renderFile(call, branch, name, file.sha, file.bytes.length),
      encoding: isLarge ? 'none' : 'base64',
      content: isLarge ? '' : file.bytes.toString('base64'),
    });
  },

  'repos/create-or-update-file-contents': (call) => {
    const { repository } = call;
    // The description was held against it.
    const { message, content, sha, branch = 'main' } = call.body as FileFields;
    const name = call.params['path'] ?? '';
    const ref = `refs/heads/${branch}`;
    const head = repository.commits.get(repository.refs.get(ref) ?? '');
    if (head === undefined) return json(404, { message: `Branch ${branch} not found`, status: '404' });
    const objection = objectionTo(repository.fileOn(branch, name)?.sha, sha, name);
    if (objection !== undefined) return objection;

    const bytes = Buffer.from(content, 'base64');
    const blob = repository.addBlob(bytes);
    const tree = repository.addTree(new Map([...(repository.trees.get(head.tree) ?? []), [name, blob]]));
    const commit = repository.addCommit({ tree, parent: head.sha, message });
    repository.refs.set(ref, commit.sha);
    return json(sha === undefined ? 201 : 200, {
      content: renderFile(call, branch, name, blob, bytes.length),
      commit: renderCommit(call, commit),
    });
  },
};

/** The blob that is to be replaced must be the one that is there. */
function objectionTo(found: string | undefined, given: string | undefined, name: string): Answer | undefined {
  if (found === given) return undefined;
  if (given === undefined) return refused('Invalid request.\n\n"sha" wasn\'t supplied.');
  return json(409, { message: `${name} does not match ${given}`, status: '409' });
}

function renderFile({ repository, addresses }: Call, branch: string, name: string, sha: string, size: number) {
  const url = `${addresses.api}/repos/${repository.fullName}/contents/${name}?ref=${branch}`;
  const git = `${addresses.api}/repos/${repository.fullName}/git/blobs/${sha}`;
  const html = `${addresses.site}/${repository.fullName}/blob/${branch}/${name}`;
  return {
    type: 'file',
    name,
    path: name,
    sha,
    size,
    url,
    git_url: git,
    html_url: html,
    download_url: `${addresses.site}/${repository.fullName}/raw/${branch}/${name}`,
    _links: { self: url, git, html },
  };
}
