import { lstat } from 'node:fs/promises';
import type { Tools } from '../host/tools.ts';
import { kindAt, lookAtPlace } from '../integrate/look-at-place.ts';
import { resolveInside } from '../integrate/resolve-inside.ts';
import type { Found } from '../integrate/system-facts.ts';
import type { Placed } from '../state/records.ts';
import type { StageFinding } from './check-stage.ts';

/** In what something that was placed is not as it was placed. */
export interface Deviation {
  readonly target: string;
  readonly found: string;
  readonly verdict: StageFinding['verdict'];
}

/** Compares what is at a target with what was placed there: kind, text or content, mode, owner. */
export async function checkPlaced({ layout }: Tools, record: Placed): Promise<Deviation | undefined> {
  const { target } = record;
  const { place } = await resolveInside(layout.root, target);
  if (record.kind === 'directory') {
    const kind = await kindAt(place);
    return kind === 'directory' ? undefined : { target, found: describe({ kind }), verdict: 'failed' };
  }
  const found = await lookAtPlace(place);
  if (record.kind === 'link') return checkLink(layout.root, record, found);
  // What an operator had there before is his.
  if (record.kind === 'default' && record.sha256 === undefined) return undefined;
  if (found.kind !== 'file') return { target, found: describe(found), verdict: 'failed' };
  const verdict = record.kind === 'default' ? 'known' : 'modified';
  if (found.sha256 !== record.sha256) return { target, found: 'changed by hand', verdict };
  const { mode, uid, gid } = record;
  if (found.mode !== mode) return { target, found: `mode ${octal(found.mode)}, expected ${octal(mode)}`, verdict };
  if (found.uid !== uid || found.gid !== gid) {
    return { target, found: `owner ${found.uid}:${found.gid}, expected ${uid}:${gid}`, verdict };
  }
  return undefined;
}

async function checkLink(
  root: string,
  { target, text }: Extract<Placed, { kind: 'link' }>,
  found: Found,
): Promise<Deviation | undefined> {
  if (found.kind !== 'link' || found.text !== text) return { target, found: describe(found), verdict: 'failed' };
  // With the dot, the last name is followed, too.
  const { place } = await resolveInside(root, `${text}/.`);
  const leads = await lstat(place).then(
    () => true,
    () => false,
  );
  return leads ? undefined : { target, found: `a link to ${text}, which is not there`, verdict: 'failed' };
}

function describe(found: Pick<Found, 'kind'> & { readonly text?: string }): string {
  switch (found.kind) {
    case 'absent':
      return 'not there';
    case 'link':
      return found.text === undefined ? 'a link' : `a link to ${found.text}`;
    case 'file':
      return 'a file';
    case 'directory':
      return 'a directory';
    case 'other':
      return 'a special file';
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
