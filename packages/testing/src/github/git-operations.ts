import { type Answer, json, notFound, refused } from './answer.ts';
import type { Call, Operations } from './operation.ts';
import type { StoredCommit } from './repository.ts';

/** Trees of files at the root, commits, and refs. */
export const gitOperations: Operations = {
  'git/create-tree': (call) => {
    const { repository } = call;
    // The description was held against it, here and below.
    const { tree } = call.body as { readonly tree: readonly { readonly path?: string; readonly content?: string }[] };
    const entries = tree.map(
      ({ path = '', content = '' }) => [path, repository.addBlob(Buffer.from(content))] as const,
    );
    const sha = repository.addTree(new Map(entries));
    const items = entries.map(([path, blob]) => ({
      path,
      mode: '100644',
      type: 'blob',
      sha: blob,
      size: repository.blobs.get(blob)?.length ?? 0,
      url: gitUrl(call, 'blobs', blob),
    }));
    return json(201, { sha, url: gitUrl(call, 'trees', sha), tree: items, truncated: false });
  },

  'git/create-commit': (call) => {
    const {
      message,
      tree,
      parents = [],
    } = call.body as {
      readonly message: string;
      readonly tree: string;
      readonly parents?: readonly string[];
    };
    const { repository } = call;
    if (!repository.trees.has(tree)) return refused('Tree SHA does not exist');
    return json(201, renderCommit(call, repository.addCommit({ message, tree, parent: parents[0] })));
  },

  'git/create-ref': (call) => {
    const { ref, sha } = call.body as { readonly ref: string; readonly sha: string };
    const { repository } = call;
    if (repository.refs.has(ref)) return refused('Reference already exists');
    if (!repository.commits.has(sha)) return refused('Object does not exist');
    repository.refs.set(ref, sha);
    return renderRef(call, ref, 201);
  },

  'git/get-ref': (call) => renderRef(call, `refs/${call.params['ref']}`, 200),
};

/** A commit as the API shows it. */
export function renderCommit(call: Call, { sha, tree, parent, message }: StoredCommit) {
  const who = { name: 'octo', email: 'octo@example.org', date: '2026-01-31T12:00:00Z' };
  const link = (id: string) => ({ sha: id, url: gitUrl(call, 'commits', id), html_url: gitUrl(call, 'commits', id) });
  return {
    ...link(sha),
    node_id: `C_${sha}`,
    author: who,
    committer: who,
    message,
    tree: { sha: tree, url: gitUrl(call, 'trees', tree) },
    parents: parent === undefined ? [] : [link(parent)],
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

function renderRef(call: Call, ref: string, status: number): Answer {
  const sha = call.repository.refs.get(ref);
  if (sha === undefined) return notFound();
  return json(status, {
    ref,
    node_id: `REF_${ref}`,
    url: gitUrl(call, 'refs', ref),
    object: { type: 'commit', sha, url: gitUrl(call, 'commits', sha) },
  });
}

function gitUrl({ addresses, repository }: Call, kind: string, id: string): string {
  return `${addresses.api}/repos/${repository.fullName}/git/${kind}/${id}`;
}
