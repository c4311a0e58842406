import { TreeError } from '../error.ts';
import { joinPath, type PathBytes, parentOf, ROOT, showPath } from '../path-bytes.ts';
import { sameXattrs } from '../released-xattrs.ts';
import { renderMode } from '../render-mode.ts';
import type { DirectoryEntry, StoredFile, Tree, TreeEntry } from '../tree.ts';

/** Who put an entry at a path; `implied` directories are only there because something is below them. */
interface Claim {
  readonly entry: TreeEntry<StoredFile>;
  readonly location: string;
  readonly implied: boolean;
}

/** The tree that several sources make together. */
export class TreeAssembly {
  readonly #claims = new Map<PathBytes, Claim>();

  /**
   * Puts a source's tree at `into`. Directories that are equal merge.
   * @throws TreeError `TREE_SOURCE_CONFLICT` when another source has put something else there,
   *   `TREE_SOURCE_UNSUPPORTED` for devices, FIFOs and sockets
   */
  add(into: PathBytes, tree: Tree<StoredFile>, location: string): void {
    this.#implyParents(into, location);
    // An archive may describe what is in its folder and not the folder.
    if (!tree.has(ROOT)) this.#claim(into, { entry: PLAIN_DIRECTORY, location, implied: true });
    for (const [path, entry] of tree) {
      const at = joinPath(into, path);
      refuseSpecial(at, entry, location);
      const moved: TreeEntry<StoredFile> =
        entry.kind === 'hard-link' ? { kind: 'hard-link', to: joinPath(into, entry.to) } : entry;
      this.#claim(at, { entry: moved, location, implied: false });
    }
  }

  /**
   * The whole tree, sorted; directories that nobody described are root:root 0755.
   * @throws TreeError `TREE_SOURCE_CONFLICT` when something is put below what is no directory
   */
  finish(): Tree<StoredFile> {
    this.#claim(ROOT, { entry: PLAIN_DIRECTORY, location: 'the root', implied: true });
    for (const [path, claim] of this.#claims) {
      const parent = parentOf(path);
      const above = parent === undefined ? undefined : this.#claims.get(parent);
      if (above !== undefined && above.entry.kind !== 'directory') throw conflict(path, above, claim);
    }
    return new Map([...this.#claims.keys()].sort().map((path) => [path, this.#entryAt(path)]));
  }

  #implyParents(path: PathBytes, location: string): void {
    for (let above = parentOf(path); above !== undefined; above = parentOf(above)) {
      this.#claim(above, { entry: PLAIN_DIRECTORY, location, implied: true });
    }
  }

  #claim(path: PathBytes, claim: Claim): void {
    const earlier = this.#claims.get(path);
    if (earlier === undefined) {
      this.#claims.set(path, claim);
    } else if (earlier.entry.kind !== 'directory' || claim.entry.kind !== 'directory') {
      throw conflict(path, earlier, claim);
    } else if (earlier.implied) {
      this.#claims.set(path, claim);
    } else if (!claim.implied && !sameAttributes(earlier.entry, claim.entry)) {
      throw conflict(path, earlier, claim);
    }
  }

  #entryAt(path: PathBytes): TreeEntry<StoredFile> {
    // Called for keys of the map only.
    return (this.#claims.get(path) as Claim).entry;
  }
}

function refuseSpecial(path: PathBytes, { kind }: TreeEntry<StoredFile>, location: string): void {
  if (kind === 'directory' || kind === 'file' || kind === 'symlink' || kind === 'hard-link') return;
  throw new TreeError(
    'TREE_SOURCE_UNSUPPORTED',
    `${location}: ${showPath(path)} is a ${kind}, expected directories, files and links only`,
  );
}

function conflict(path: PathBytes, earlier: Claim, later: Claim): TreeError {
  const [first, second] = [earlier, later].map(({ entry, location }) => `${location} (${renderEntryKind(entry)})`);
  return new TreeError('TREE_SOURCE_CONFLICT', `${showPath(path)} comes from ${first} and from ${second}`, {
    hint: 'Let one source provide it.',
  });
}

function sameAttributes(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && sameXattrs(a.xattrs, b.xattrs);
}

function renderEntryKind(entry: TreeEntry<StoredFile>): string {
  if (entry.kind !== 'directory') return `a ${entry.kind}`;
  return `a directory, ${renderMode(entry.mode)} ${entry.uid}:${entry.gid}`;
}

const PLAIN_DIRECTORY: DirectoryEntry = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, xattrs: new Map() };
