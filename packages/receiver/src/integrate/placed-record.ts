import type { Placed } from '../state/records.ts';
import type { FileAttributes, Found, Original } from './system-facts.ts';

/** A file, and a link, that were placed. */
export type PlacedFile = Exclude<Placed, { kind: 'link' | 'directory' }>;
export type PlacedLink = Extract<Placed, { kind: 'link' }>;

/** Whether `found` is exactly what a record says was placed. */
export function isAsPlaced(found: Found, record: Placed): boolean {
  if (record.kind === 'directory') return found.kind === 'directory';
  if (record.kind === 'link') return found.kind === 'link' && found.text === record.text;
  return found.kind === 'file' && found.sha256 === record.sha256 && sameAttributes(found, record);
}

/** What was at a target before it became ours, as the records say. */
export function originalOf(ours: readonly Placed[]): Original | undefined {
  return ours.find(({ adopted }) => adopted !== undefined)?.adopted;
}

/** What was placed there last, if a file was. */
export function lastFile(ours: readonly Placed[]): (FileAttributes & { readonly sha256: string }) | undefined {
  return ours
    .flatMap((record) =>
      record.kind === 'link' || record.kind === 'directory' || record.sha256 === undefined
        ? []
        : { sha256: record.sha256, ...attributesOf(record) },
    )
    .at(-1);
}

/** Mode and owner, and nothing else. */
export function attributesOf({ mode, uid, gid }: FileAttributes): FileAttributes {
  return { mode, uid, gid };
}

function sameAttributes(one: FileAttributes, other: FileAttributes): boolean {
  return one.mode === other.mode && one.uid === other.uid && one.gid === other.gid;
}
