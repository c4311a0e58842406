import type { FileEntry } from '@goldstream/component';
import type { Placed } from '../state/records.ts';
import type { CopySource, FileAttributes, Found, TargetFacts } from './system-facts.ts';

/** What a component wants at one target. */
export interface Wanted {
  readonly component: string;
  readonly target: string;
  readonly type: FileEntry['type'] | 'drop-in';
  /** Text of the system link at this target, whether this version wants a link there or not. */
  readonly link: string;
  /** For what is copied. */
  readonly source: CopySource | undefined;
}

/** What comes of one target. */
export type Decision =
  | { readonly kind: 'keep'; readonly placed: Placed; readonly note?: string }
  | { readonly kind: 'place'; readonly placed: Placed; readonly over: Found }
  | { readonly kind: 'conflict'; readonly found: string };

/**
 * Decides about one target. What is there may be replaced when it is what we placed, and only then; a file of ours that
 * was changed since stays, and stays recorded as it was placed.
 * @param ours what the records say was placed there, oldest first
 */
export function planTarget(wanted: Wanted, facts: TargetFacts, ours: readonly Placed[]): Decision {
  if (facts.parent === 'blocked') return { kind: 'conflict', found: 'something on the way to it that is no directory' };
  const { found } = facts;
  if (found.kind === 'directory') return { kind: 'conflict', found: 'a directory' };
  if (found.kind === 'other') return { kind: 'conflict', found: 'a special file' };
  if (wanted.source === undefined) return decideLink(wanted, found, ours);
  const { component, target, type, source } = wanted;
  const kind = RECORDED_AS[type] ?? 'copy';
  const placed = { kind, component, target, sha256: source.sha256, ...attributesOf(source) };
  return kind === 'default' ? decideDefault(placed, wanted, found, ours) : decideCopy(placed, wanted, found, ours);
}

/** Whether `found` is exactly what a record says was placed. */
export function isAsPlaced(found: Found, record: Placed): boolean {
  if (record.kind === 'link') return found.kind === 'link' && found.text === record.text;
  return found.kind === 'file' && found.sha256 === record.sha256 && sameAttributes(found, record);
}

type PlacedFile = Exclude<Placed, { kind: 'link' }>;

/** How a file is recorded; a plain copy otherwise. */
const RECORDED_AS: Readonly<Partial<Record<Wanted['type'], PlacedFile['kind']>>> = {
  'copy-if-not-exists': 'default',
  'systemd-unit': 'unit',
  'drop-in': 'drop-in',
  dbus: 'dbus',
};

function decideLink({ component, target, link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  const placed = { kind: 'link', component, target, text: link } as const;
  // Nobody else writes this text: it is ours, recorded or not.
  if (isAsPlaced(found, placed)) return { kind: 'keep', placed };
  return replace(placed, found, link, ours);
}

function decideCopy(placed: PlacedFile, { link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  if (isAsPlaced(found, placed)) return { kind: 'keep', placed };
  const decision = replace(placed, found, link, ours);
  if (decision.kind !== 'conflict' || found.kind !== 'file') return decision;
  const last = lastFile(ours);
  if (last !== undefined) return { kind: 'keep', placed: { ...placed, ...last }, note: keptNote(placed, last) };
  return found.sha256 === placed.sha256 ? { kind: 'place', placed, over: found } : decision;
}

/**
 * `copy-if-not-exists`: whatever is there stays, and what we placed earlier is still known as ours. A link or a plain
 * copy of ours is no default of anybody: it gives way like any other.
 */
function decideDefault(placed: PlacedFile, { link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  const asPlaced = ours.filter((record) => isAsPlaced(found, record));
  const isManaged = asPlaced.length > 0 && asPlaced.every(({ kind }) => kind !== 'default');
  const last = lastFile(ours);
  if (last !== undefined && isAsPlaced(found, placed)) return { kind: 'keep', placed };
  if (found.kind === 'absent' || isManaged || (found.kind === 'link' && found.text === link)) {
    return { kind: 'place', placed, over: found };
  }
  if (last !== undefined) return { kind: 'keep', placed: { ...placed, ...last } };
  const { component, target } = placed;
  return { kind: 'keep', placed: { kind: 'default', component, target, ...attributesOf(placed) } };
}

/** What was placed there last, if a file was. */
function lastFile(ours: readonly Placed[]): (FileAttributes & { readonly sha256: string }) | undefined {
  return ours
    .flatMap((record) =>
      record.kind === 'link' || record.sha256 === undefined ? [] : { sha256: record.sha256, ...attributesOf(record) },
    )
    .at(-1);
}

function replace(placed: Placed, found: Found, link: string, ours: readonly Placed[]): Decision {
  const isOurs = found.kind === 'absent' || ours.some((record) => isAsPlaced(found, record));
  if (isOurs || (found.kind === 'link' && found.text === link)) return { kind: 'place', placed, over: found };
  if (found.kind === 'link') return { kind: 'conflict', found: `a link to ${found.text}` };
  const was = lastFile(ours) === undefined ? 'of somebody else' : 'that was changed since it was placed';
  return { kind: 'conflict', found: `a file ${was}` };
}

function keptNote({ target, component, sha256 }: PlacedFile, last: { readonly sha256: string }): string {
  const newer = last.sha256 !== sha256 ? `; the new one of ${component} is not placed` : '';
  return `${target} was changed on this host and stays as it is${newer}`;
}

function attributesOf({ mode, uid, gid }: FileAttributes): FileAttributes {
  return { mode, uid, gid };
}

function sameAttributes(one: FileAttributes, other: FileAttributes): boolean {
  return one.mode === other.mode && one.uid === other.uid && one.gid === other.gid;
}
