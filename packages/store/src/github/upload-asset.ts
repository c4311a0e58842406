import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { StoreError } from '../error.ts';
import { Patience } from '../web/patience.ts';
import type { RequestBody } from '../web/send-request.ts';
import { Transient } from '../web/transient.ts';
import { githubFailure, hasStatus, isRefusedFor } from './failure.ts';
import { assetSchema, type GithubAsset, type GithubRelease, isUploaded, sha256Of } from './release-schema.ts';
import { deleteAsset, listAssets, type Session } from './session.ts';
import type { WantedAsset } from './wanted-assets.ts';

/** Bytes that are read from disk and sent at a time. */
const PIECE_BYTES = 512 * 1024;

/**
 * Uploads a file into a draft, from disk, and compares what GitHub says that it has. After a failure what is left under
 * its name is looked at: right, it stays; else it goes, and the upload begins anew.
 *
 * @throws StoreError `STORE_UNREACHABLE` after several tries, `STORE_PUBLISH_FAILED` and those of `githubFailure`
 */
export async function uploadAsset(session: Session, draft: GithubRelease, wanted: WantedAsset): Promise<void> {
  const shown = `${session.means.site.name}, ${wanted.name}`;
  const patience = new Patience(session.means.client);
  const progress = new Progress(session, wanted);
  for (let isAgain = false; ; isAgain = true) {
    try {
      if (isAgain && (await clearPlace(session, draft, wanted))) break;
      const found = await send(session, draft, wanted, progress);
      if (isRight(found, wanted)) break;
      throw new Transient(`arrived as ${describe(found)}, expected ${wanted.bytes} bytes, sha256:${wanted.sha256}`);
    } catch (failure) {
      await patience.afterFailure(passing(failure, `upload of ${wanted.name}`), shown);
    }
  }
  progress.end();
}

/** Whether GitHub holds just this. A server that tells no digest is believed the size of what it was just sent. */
export function isRight(found: GithubAsset, { bytes, sha256 }: WantedAsset): boolean {
  const digest = sha256Of(found);
  return isUploaded(found) && found.size === bytes && (digest === undefined || digest === sha256);
}

async function send(
  { api, means }: Session,
  draft: GithubRelease,
  wanted: WantedAsset,
  progress: Progress,
): Promise<GithubAsset> {
  const { data } = await api.request({
    method: 'POST',
    // As GitHub has named it: uploads have a host of their own.
    url: demandSafe(draft.upload_url, means.site.api),
    name: wanted.name,
    data: new FileBody(wanted, progress),
    headers: { 'content-type': 'application/octet-stream' },
    // A file is tried again here, where it is known what the last try has left.
    request: { retries: 0 },
  });
  return assetSchema.parse(data);
}

/** Whether the asset turned out to be there. Otherwise nothing has its name any more. */
async function clearPlace(session: Session, draft: GithubRelease, wanted: WantedAsset): Promise<boolean> {
  const found = (await listAssets(session, draft)).find(({ name }) => name === wanted.name);
  if (found === undefined) return false;
  if (sha256Of(found) === wanted.sha256 && isRight(found, wanted)) return true;
  await deleteAsset(session, found);
  return false;
}

/** A file on its way, read from disk anew for each try. Of a class: what is plain, octokit makes JSON of. */
class FileBody implements RequestBody {
  readonly bytes: number;
  readonly #wanted: WantedAsset;
  readonly #progress: Progress;

  constructor(wanted: WantedAsset, progress: Progress) {
    this.bytes = wanted.bytes;
    this.#wanted = wanted;
    this.#progress = progress;
  }

  async *open() {
    const { name, path, sha256 } = this.#wanted;
    const hash = createHash('sha256');
    let at = 0;
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      yield piece;
      hash.update(piece);
      at += piece.length;
      this.#progress.reached(at);
    }
    const found = hash.digest('hex');
    if (found === sha256) return;
    throw new StoreError('STORE_PUBLISH_FAILED', `${name}: SHA-256 is ${found}, expected ${sha256}`, {
      hint: 'It was changed since it was made: make the streams again.',
    });
  }
}

/** Counts every byte once, however often it is sent. */
class Progress {
  readonly #session: Session;
  readonly #bytes: number;
  #told = 0;

  constructor(session: Session, { bytes }: WantedAsset) {
    this.#session = session;
    this.#bytes = bytes;
  }

  reached(position: number): void {
    if (position <= this.#told) return;
    this.#session.onBytes(position - this.#told);
    this.#told = position;
  }

  end(): void {
    this.reached(this.#bytes);
  }
}

/** What another try may change: no answer, 500 and above, and a name that is taken (by what a lost answer left). */
function passing(failure: unknown, what: string): unknown {
  const known = githubFailure(failure, what);
  if (isRefusedFor(failure, /already_exists/)) return new Transient('has its name taken');
  if (hasStatus(failure, 403, 422, 401)) return known;
  if (known instanceof StoreError && known.code === 'STORE_UNREACHABLE') {
    return new Transient(`was not taken (${known.message})`, { cause: failure });
  }
  return known;
}

/** The token goes where GitHub says that uploads go; never unencrypted where the API is encrypted. */
function demandSafe(uploadUrl: string, api: string): string {
  if (uploadUrl.startsWith('https://') || api.startsWith('http://')) return uploadUrl;
  throw new StoreError('STORE_BAD_ANSWER', 'GitHub names an address for uploads that is not encrypted');
}

function describe({ state, size, digest }: GithubAsset): string {
  return `${size} bytes, ${digest ?? 'no digest'}, ${state}`;
}
