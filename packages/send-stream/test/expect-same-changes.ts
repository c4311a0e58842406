import { expect } from 'vitest';
import type { ChangedMetadata, Changes } from '../src/index.ts';
import type { SeenInode, SeenTree } from './seen-tree.ts';

/** Two snapshots, and the inodes of files whose contents were touched in between. */
export interface Comparison {
  readonly before: SeenTree;
  readonly after: SeenTree;
  readonly touched: ReadonlySet<number>;
}

/**
 * Demands that changes computed from a stream are those that comparing the two trees, inode by inode, shows.
 *
 * Where the parent has several names for one inode, a stream cannot tell everything: which of them moved, and whether
 * any is left. There it is demanded that the names which came and went are the right ones, under whatever heading.
 */
export function expectSameChanges(changes: Changes, { before, after, touched }: Comparison): void {
  const told = toBytes(changes);
  const were = (ino: number) => before.inodes.get(ino);
  const shared = ({ ino }: SeenInode) => (were(ino)?.names.length ?? 0) > 1;

  const gone = [...before.inodes.values()].filter(({ ino }) => !after.inodes.has(ino));
  const vacated = new Set(gone.flatMap(({ names }) => names.map((name) => heirPath(name, before, after))));
  /** Names that an inode lost while it kept others: to a stream they may look like an object that is gone. */
  const perhapsVacated = new Set(
    [...before.inodes.values()]
      .filter((inode) => shared(inode) && after.inodes.has(inode.ino))
      .flatMap((inode) => lostNames(inode, after).map((name) => heirPath(name, before, after))),
  );
  const isReplaced = (path: string, said: boolean) => (vacated.has(path) ? true : perhapsVacated.has(path) && said);

  const expected = { created: [], changed: [], renamed: [], links: [], metadata: [] } as Record<string, unknown[]>;
  const arrived = new Set<string>();
  for (const inode of [...after.inodes.values()].filter(({ names }) => names.length > 0)) {
    const was = were(inode.ino);
    const paths = inode.names.map(({ path }) => path).sort();
    const kept = inode.names.filter((name) => was?.names.some((one) => sameName(one, name))).map(({ path }) => path);
    const base = kept[0] ?? paths[0] ?? '';
    const came = paths.filter((path) => !kept.includes(path));
    for (const path of came) arrived.add(path);
    if (was === undefined) {
      const said = told.changed.some(({ path, replaced }) => path === base && replaced);
      expected[isReplaced(base, said) ? 'changed' : 'created']?.push(base);
    } else if (shared(inode)) {
      const lists = [...told.renamed.map(({ to }) => to), ...told.links.map(({ path }) => path)];
      for (const path of came) expect(lists).toContain(path);
      continue;
    } else if (kept.length === 0) {
      expected['renamed']?.push({ from: was.names[0]?.path, to: base });
    }
    for (const path of came.filter((path) => path !== base)) expected['links']?.push({ path, to: base });
  }

  const ofOne = (path: string) => !shared(inodeAt(after, path));
  expect(told.created.map(({ path }) => path).sort()).toEqual(expected['created']?.sort());
  expect(
    told.changed
      .filter(({ replaced }) => replaced)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(expected['changed']?.sort());
  expect(sorted(told.renamed.filter(({ to }) => ofOne(to)).map(({ from, to }) => ({ from, to })))).toEqual(
    sorted(expected['renamed'] ?? []),
  );
  expect(sorted(told.links.filter(({ to }) => ofOne(to)).map(({ path, to }) => ({ path, to })))).toEqual(
    sorted(expected['links'] ?? []),
  );
  for (const { to, replaced = false } of told.renamed) expect(replaced).toBe(isReplaced(to, replaced));
  for (const { path, replaced = false } of told.links) expect(replaced).toBe(isReplaced(path, replaced));

  const lost = (inodes: readonly SeenInode[]) =>
    inodes.flatMap((inode) => lostNames(inode, after)).filter((name) => !arrived.has(heirPath(name, before, after)));
  const removed = told.removed.map(({ path }) => path);
  const surely = lost(gone).map(({ path }) => path);
  const perhaps = lost([...before.inodes.values()].filter(shared)).map(({ path }) => path);
  expect(removed).toEqual(expect.arrayContaining(surely));
  expect([...surely, ...perhaps]).toEqual(expect.arrayContaining(removed));
  const movedAway = told.renamed.map(({ from }) => from);
  expect([...removed, ...movedAway]).toEqual(expect.arrayContaining(perhaps));
  for (const { path, type } of told.removed) {
    expect(type === 'directory').toBe(inodeAt(before, path).stats.isDirectory());
  }

  expectSameContents(told, { before, after, touched });
  expectSameMetadata(told, before, after);
}

function expectSameContents(told: Changes, { before, after, touched }: Comparison): void {
  const changed = new Map(
    told.changed.filter(({ replaced }) => !replaced).map((entry) => [inodeAt(after, entry.path).ino, entry]),
  );
  for (const [ino, now] of after.inodes) {
    const was = before.inodes.get(ino);
    if (was === undefined || !was.stats.isFile()) continue;
    const entry = changed.get(ino);
    if (!now.content.equals(was.content)) {
      expect(entry, `a change of ${JSON.stringify(now.names)}`).toBeDefined();
      expect(entry?.bytes).toBeGreaterThanOrEqual(differingBytes(was.content, now.content));
    } else if (entry !== undefined) {
      // Set anew, to what it was.
      expect(touched).toContain(ino);
    }
  }
  for (const { path, bytes, target } of told.created) {
    const { stats, content } = inodeAt(after, path);
    if (stats.isFile()) expect(bytes).toBeGreaterThanOrEqual(content.filter((byte) => byte !== 0).length);
    if (stats.isSymbolicLink()) expect(target).toBe(content.toString('latin1'));
  }
}

function expectSameMetadata(told: Changes, before: SeenTree, after: SeenTree): void {
  const said = new Map<number, ChangedMetadata>();
  for (const { path, type: _, ...metadata } of told.metadata) said.set(inodeAt(after, path).ino, metadata);
  for (const { path, metadata } of told.changed) if (metadata) said.set(inodeAt(after, path).ino, metadata);
  const expected = new Map<number, ChangedMetadata>();
  for (const [ino, now] of after.inodes) {
    const was = before.inodes.get(ino);
    const metadata = was && differingMetadata(was, now);
    if (metadata !== undefined && Object.keys(metadata).length > 0) expected.set(ino, metadata);
  }
  expect(said).toEqual(expected);
}

function differingMetadata(was: SeenInode, now: SeenInode): ChangedMetadata {
  const xattrs = [...new Set([...was.xattrs.keys(), ...now.xattrs.keys()])]
    .filter((name) => was.xattrs.get(name) !== now.xattrs.get(name))
    .sort();
  return {
    ...(was.stats.mode === now.stats.mode ? {} : { mode: (now.stats.mode & 0o7777).toString(8).padStart(4, '0') }),
    ...(was.stats.uid === now.stats.uid && was.stats.gid === now.stats.gid
      ? {}
      : { owner: `${now.stats.uid}:${now.stats.gid}` }),
    ...(xattrs.length === 0 ? {} : { xattrs }),
  };
}

function differingBytes(was: Buffer, now: Buffer): number {
  let count = 0;
  for (const [at, byte] of now.entries()) {
    // What a file grows by without being written reads as zeros.
    if ((was[at] ?? 0) !== byte) count++;
  }
  return count;
}

type Name = SeenInode['names'][number];

function lostNames({ ino, names }: SeenInode, after: SeenTree): readonly Name[] {
  const now = after.inodes.get(ino)?.names ?? [];
  return names.filter((name) => !now.some((one) => sameName(one, name)));
}

function sameName(one: Name, other: Name): boolean {
  return one.directory === other.directory && one.name === other.name;
}

/** Where a name of the parent would be now: in the nearest of its directories that is still there. */
function heirPath({ directory, name }: Name, before: SeenTree, after: SeenTree): string {
  const now = after.inodes.get(directory);
  if (now !== undefined) return [now.names[0]?.path, name].filter(Boolean).join('/');
  const [place] = before.inodes.get(directory)?.names ?? [];
  return place === undefined ? name : `${heirPath(place, before, after)}/${name}`;
}

function inodeAt(tree: SeenTree, path: string): SeenInode {
  const inode = tree.paths.get(path === '.' ? '' : path);
  if (inode === undefined) throw new Error(`${JSON.stringify(path)} is named and does not exist`);
  return inode;
}

function sorted<T>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** All texts of paths turned back into bytes, one character each. */
function toBytes(changes: Changes): Changes {
  const text = JSON.stringify(changes, (_, value: unknown) => (typeof value === 'string' ? bytesOf(value) : value));
  // Texts became other texts, nothing else.
  return JSON.parse(text) as Changes;
}

function bytesOf(text: string): string {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  return latin1.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
