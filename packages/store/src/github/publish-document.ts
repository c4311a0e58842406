import { createHash } from 'node:crypto';
import { StoreError } from '../error.ts';
import { findDocument } from '../find-document.ts';
import { isPlainName } from '../plain-name.ts';
import type { Store } from '../store.ts';
import { type Api, type GithubMeans, openApi } from './api.ts';
import { githubFailure, hasStatus, isRefusedFor } from './failure.ts';
import { CHANNELS_BRANCH } from './site.ts';

/** What is to be replaced by what. */
export interface NewDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the file as it was read; `undefined`: there was none. */
  readonly replaces: string | undefined;
}

/** Documents have a limit of their own below it, when they are read. Bytes. */
const LARGEST = 16 * 1024 * 1024;

const README = `# Channels

goldstream keeps what it publishes about releases here: channels and keys documents, each signed. A commit is made for
every change. Nothing is merged anywhere.
`;

/**
 * Replaces a file on the branch of channels by one commit, if it is still the one that was read: GitHub compares the
 * id of its blob in the same moment. The branch is made where there is none, without a parent.
 *
 * @throws StoreError `STORE_DOCUMENT_CHANGED`, `STORE_PUBLISH_FAILED`, and those of `githubFailure`
 */
export async function publishDocument(
  means: GithubMeans,
  reader: Pick<Store, 'readDocument'>,
  document: NewDocument,
): Promise<void> {
  const { name, bytes, replaces } = document;
  if (!isPlainName(name)) throw new StoreError('STORE_PUBLISH_FAILED', `${JSON.stringify(name)} cannot be a document`);
  const { site } = means;
  const api = openApi(means);
  const repository = { owner: site.owner, repo: site.repo };
  const found = await findDocument(reader, name, LARGEST);
  if (digestOf(found) !== replaces) throw changed(document, site.name, found);
  try {
    if (found === undefined) await demandBranch(api, repository);
    await api.rest.repos.createOrUpdateFileContents({
      ...repository,
      path: name,
      branch: CHANNELS_BRANCH,
      message: found === undefined ? `Add ${name}` : `Change ${name}`,
      content: Buffer.from(bytes).toString('base64'),
      ...(found === undefined ? {} : { sha: blobId(found) }),
    });
  } catch (error) {
    const what = `${site.name}, publishing of ${name}`;
    if (!hasStatus(error, 409, 422)) throw githubFailure(error, what);
    // Another publisher was faster, or it was ourselves, whose answer was lost.
    const now = await findDocument(reader, name, LARGEST);
    if (now !== undefined && Buffer.from(now).equals(bytes)) return;
    throw digestOf(now) === replaces ? githubFailure(error, what) : changed(document, site.name, now);
  }
}

/** A branch of its own beginning: with the sources it has nothing in common. */
async function demandBranch(api: Api, repository: { readonly owner: string; readonly repo: string }): Promise<void> {
  try {
    await api.rest.git.getRef({ ...repository, ref: `heads/${CHANNELS_BRANCH}` });
    return;
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  const file = { path: 'README.md', mode: '100644', type: 'blob', content: README } as const;
  const { data: tree } = await api.rest.git.createTree({ ...repository, tree: [file] });
  const message = 'Begin the branch of channels';
  const { data: commit } = await api.rest.git.createCommit({ ...repository, message, tree: tree.sha, parents: [] });
  try {
    await api.rest.git.createRef({ ...repository, ref: `refs/heads/${CHANNELS_BRANCH}`, sha: commit.sha });
  } catch (error) {
    if (!isRefusedFor(error, /already exists/)) throw error;
  }
}

/** As git names the content of a file (gitformat-objects). */
function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function digestOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

function changed({ name, replaces }: NewDocument, store: string, found: Uint8Array | undefined): StoreError {
  const tell = (sha256: string | undefined) => (sha256 === undefined ? 'no such file' : `SHA-256 ${sha256}`);
  return new StoreError(
    'STORE_DOCUMENT_CHANGED',
    `${store}, ${name}: expected ${tell(replaces)}, found ${tell(digestOf(found))}`,
    { hint: 'Somebody else published in the meantime: run the command again.' },
  );
}
