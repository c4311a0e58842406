import { createHash } from 'node:crypto';

/** A file of a release. */
export interface StoredAsset {
  readonly id: number;
  readonly name: string;
  readonly contentType: string;
  /** `starter`: its upload was cut; it has a name and nothing else. */
  readonly state: 'uploaded' | 'starter';
  readonly size: number;
  /** Lower-case hexadecimal; `undefined` while `starter`. */
  readonly sha256: string | undefined;
  /** Where its bytes are. */
  readonly path: string;
}

/** A release, draft or published. */
export interface StoredRelease {
  readonly id: number;
  tag: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  readonly assets: StoredAsset[];
}

/** A commit: what was at the root of the tree, each name with the id of its blob. */
export interface StoredCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parent: string | undefined;
  readonly message: string;
}

/** Everything that one repository remembers. */
export class Repository {
  readonly fullName: string;
  isPrivate: boolean;
  /** Whether published releases can never be changed again (a setting of real repositories since 2025). */
  readonly hasImmutableReleases: boolean;
  readonly releases: StoredRelease[] = [];
  /** Tags that a deleted immutable release had: nobody may use them again. */
  readonly burntTags = new Set<string>();
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, ReadonlyMap<string, string>>();
  readonly commits = new Map<string, StoredCommit>();
  /** `refs/heads/NAME` and the id of its commit. */
  readonly refs = new Map<string, string>();
  #lastId = 0;

  constructor(fullName: string, traits: { readonly isPrivate: boolean; readonly hasImmutableReleases: boolean }) {
    this.fullName = fullName;
    this.isPrivate = traits.isPrivate;
    this.hasImmutableReleases = traits.hasImmutableReleases;
  }

  /** A number that nothing else here has. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** The published release of a tag. */
  published(tag: string): StoredRelease | undefined {
    return this.releases.find((release) => release.tag === tag && !release.draft);
  }

  findAsset(id: number): { readonly release: StoredRelease; readonly asset: StoredAsset } | undefined {
    for (const release of this.releases) {
      const asset = release.assets.find((one) => one.id === id);
      if (asset !== undefined) return { release, asset };
    }
    return undefined;
  }

  isImmutable(release: StoredRelease): boolean {
    return this.hasImmutableReleases && !release.draft;
  }

  addBlob(bytes: Buffer): string {
    const sha = objectId('blob', bytes);
    this.blobs.set(sha, bytes);
    return sha;
  }

  addTree(entries: ReadonlyMap<string, string>): string {
    const sha = objectId('tree', Buffer.from(JSON.stringify([...entries].sort())));
    this.trees.set(sha, entries);
    return sha;
  }

  addCommit(commit: Omit<StoredCommit, 'sha'>): StoredCommit {
    const sha = objectId('commit', Buffer.from(JSON.stringify([commit, this.nextId()])));
    const stored = { ...commit, sha };
    this.commits.set(sha, stored);
    return stored;
  }

  /** The file at the root of a branch, `before` so many commits ago. */
  fileOn(branch: string, name: string, before = 0): { readonly sha: string; readonly bytes: Buffer } | undefined {
    let commit = this.commits.get(this.refs.get(`refs/heads/${branch}`) ?? '');
    for (let left = before; left > 0; left -= 1) commit = this.commits.get(commit?.parent ?? '');
    const sha = this.trees.get(commit?.tree ?? '')?.get(name);
    const bytes = sha === undefined ? undefined : this.blobs.get(sha);
    return sha === undefined || bytes === undefined ? undefined : { sha, bytes };
  }
}

/** The id of a blob is git's own; those of trees and commits only look like it. */
function objectId(kind: string, bytes: Buffer): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}
