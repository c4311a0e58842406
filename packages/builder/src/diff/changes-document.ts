import type { Changes, StreamHead } from '@goldstream/send-stream';

/** Of the document below. A minor version only adds fields. */
export const CHANGES_FORMAT = '1.0';

/** What a version changes: `changes.json` of a release, and what `diff --json` prints. */
export interface ChangesDocument extends Changes {
  readonly formatVersion: typeof CHANGES_FORMAT;
  /** Missing where only a stream was at hand. */
  readonly application?: string;
  /** The snapshot's name, which is its version. */
  readonly version: string;
  /** UUID of the snapshot as the stream names it. */
  readonly uuid: string;
  /** Missing for a full stream, which creates everything. */
  readonly parent?: ChangesParent;
  readonly totals: ChangesTotals;
}

/** What the changes are changes of. */
export interface ChangesParent {
  /** Missing where only a stream was at hand: it names its parent by UUID. */
  readonly version?: string;
  readonly uuid: string;
}

/** How many entries each list has, and the bytes of all of them. */
export type ChangesTotals = { readonly [Name in keyof Changes]: number } & {
  /** Bytes of contents set anew: written, cloned, punched out, or announced. */
  readonly bytes: number;
  /** Those of them that travel in the stream. */
  readonly carried: number;
};

/** Puts changes and what they are changes of into one document. */
export function changesDocument(
  { name, uuid, parent }: StreamHead,
  changes: Changes,
  known: { readonly application?: string; readonly parentVersion?: string },
): ChangesDocument {
  const { application, parentVersion } = known;
  return {
    formatVersion: CHANGES_FORMAT,
    ...(application === undefined ? {} : { application }),
    version: name,
    uuid,
    ...(parent && {
      parent: { ...(parentVersion === undefined ? {} : { version: parentVersion }), uuid: parent.uuid },
    }),
    totals: totalsOf(changes),
    ...changes,
  };
}

function totalsOf({ created, changed, removed, renamed, links, metadata }: Changes): ChangesTotals {
  const set = [...created, ...changed];
  return {
    created: created.length,
    changed: changed.length,
    removed: removed.length,
    renamed: renamed.length,
    links: links.length,
    metadata: metadata.length,
    bytes: set.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    carried: set.reduce((sum, { carried = 0 }) => sum + carried, 0),
  };
}
