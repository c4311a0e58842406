import type { ChangedMetadata, Changes, ContentChange } from './change.ts';
import { finalNames } from './final-names.ts';
import type { ContentTotals, MetadataFacts, ObjectFacts, ObjectType } from './object-facts.ts';
import type { ObjectTracker } from './object-tracker.ts';
import { pathText } from './path-text.ts';
import { SortedList } from './sorted-list.ts';

/** Tells what became of the objects that a stream touched. */
export function listChanges(tracker: ObjectTracker): Changes {
  const { objects, directories, heirOf } = finalNames(tracker.names);
  const gone = tracker.gone.map((entry) => ({ entry, path: entry.parentPath ?? '', heir: '' }));
  for (const one of gone) one.heir = heirOf(one.path);
  const vacated = new Set(gone.map(({ heir }) => heir));
  /** Of the vacated ones, those that something new has. */
  const arrived = new Set<string>();
  /** Tells of a name that is new whether it takes the place of something that is gone. */
  const arrive = (path: string) => {
    if (!vacated.has(path)) return {};
    arrived.add(path);
    return { replaced: true } as const;
  };
  const lists = emptyLists();
  const metadataFrom = metadataMaker();

  for (const { entry, names } of objects()) {
    const [{ path, kept }, ...others] = names;
    const facts = tracker.factsOf(entry);
    const type = tracker.typeOf(entry) ?? (directories.has(entry) ? 'directory' : undefined);
    const typed = type === undefined ? {} : { type };
    for (const link of others) {
      lists.links.add(link.path, { path: pathText(link.path), to: pathText(path), ...arrive(link.path) });
    }
    if (entry.parentPath === undefined) {
      const { replaced } = arrive(path);
      const made = { path: pathText(path), type: type ?? 'other', ...contentsOf(type, facts), ...targetOf(facts) };
      if (replaced) lists.changed.add(path, { ...made, replaced });
      else lists.created.add(path, made);
      continue;
    }
    if (!kept) {
      const moved = { from: pathText(entry.parentPath), to: pathText(path) };
      lists.renamed.add(entry.parentPath, { ...moved, ...typed, ...arrive(path) });
    }
    const metadata = facts.metadata && metadataFrom(facts.metadata);
    if (facts.contents !== undefined) {
      const set = { path: pathText(path), type: 'file' as const, ...contentsOf('file', facts) };
      lists.changed.add(path, { ...set, ...(metadata && { metadata }) });
    } else if (metadata !== undefined) {
      lists.metadata.add(path, { path: pathText(path), ...typed, ...metadata });
    }
  }

  const root = tracker.names.get(new Uint8Array(0));
  const { metadata } = tracker.factsOf(root);
  // The root of a full stream is made, not changed.
  if (metadata !== undefined && root.parentPath !== undefined) {
    lists.metadata.add('', { path: '.', type: 'directory', ...metadataFrom(metadata) });
  }
  for (const { entry, path, heir } of gone) {
    if (arrived.has(heir)) continue;
    lists.removed.add(path, { path: pathText(path), type: tracker.typeOf(entry) ?? 'other' });
  }
  return {
    created: lists.created.entries(),
    changed: lists.changed.entries(),
    removed: lists.removed.entries(),
    renamed: lists.renamed.entries(),
    links: lists.links.entries(),
    metadata: lists.metadata.entries(),
  };
}

function emptyLists(): { readonly [Name in keyof Changes]: SortedList<Changes[Name][number]> } {
  return {
    created: new SortedList(),
    changed: new SortedList(),
    removed: new SortedList(),
    renamed: new SortedList(),
    links: new SortedList(),
    metadata: new SortedList(),
  };
}

function targetOf({ target }: ObjectFacts): { readonly target?: string } {
  return target === undefined ? {} : { target: pathText(target) };
}

function contentsOf(type: ObjectType | undefined, { contents }: ObjectFacts): ContentChange {
  if (type !== 'file') return {};
  const { bytes, carried, size } = contents ?? UNTOUCHED;
  return size === undefined ? { bytes, carried } : { bytes, carried, size };
}

const UNTOUCHED: ContentTotals = { bytes: 0, carried: 0, size: undefined };

/** Says what is set. Many objects are given the same: it is kept once, since lists of a million entries may name it. */
function metadataMaker(): (facts: MetadataFacts) => ChangedMetadata {
  const made = new Map<string, ChangedMetadata>();
  return (facts) => {
    const metadata = changedMetadata(facts);
    const key = JSON.stringify(metadata);
    const known = made.get(key);
    if (known === undefined) made.set(key, metadata);
    return known ?? metadata;
  };
}

function changedMetadata({ mode, owner, xattrs, flags, verity }: MetadataFacts): ChangedMetadata {
  return {
    ...(mode === undefined ? {} : { mode: mode.toString(8).padStart(4, '0') }),
    ...(owner === undefined ? {} : { owner: `${owner.uid}:${owner.gid}` }),
    ...(xattrs === undefined ? {} : { xattrs: [...xattrs.keys()].sort().map(pathText) }),
    ...(flags !== undefined || verity ? { flags: true } : {}),
  };
}
