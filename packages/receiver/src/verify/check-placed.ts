import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../host/layout.ts';
import { lookAtPlace } from '../integrate/look-at-place.ts';
import { resolveInside } from '../integrate/resolve-inside.ts';
import type { FileAttributes as Attributes, Found } from '../integrate/system-facts.ts';
import type { DeploymentRecord, Placed } from '../state/records.ts';
import { type Check, notOk, ok } from './check.ts';

/** Whether something that a deployment placed on the system is as it was placed. */
export async function checkPlaced(
  layout: Layout,
  { number }: Pick<DeploymentRecord, 'number'>,
  placed: Placed,
): Promise<Check> {
  const { place } = await resolveInside(layout.root, placed.target);
  const check = comparePlaced(placed, await lookAtPlace(place));
  if (placed.kind !== 'link' || check.verdict !== 'ok') return check;
  // The second half of the way: from the link farm into the mounted tree.
  const leads = await stat(join(layout.deployment(number).links, placed.target)).then(
    () => true,
    () => false,
  );
  return leads ? check : notOk('wrong', placed.target, 'link', 'leads nowhere: the deployment has nothing behind it');
}

/** The verdict on what is at a target. A file that was only a default is the operator's to modify. Pure. */
export function comparePlaced(placed: Placed, found: Found): Check {
  const { target: subject, kind: aspect } = placed;
  if (found.kind === 'absent') return notOk('missing', subject, aspect, `there is nothing at ${subject}`);
  if (placed.kind === 'directory') {
    return found.kind === 'directory' ? ok(subject, aspect) : notOk('wrong', subject, aspect, `is a ${found.kind}`);
  }
  if (placed.kind === 'link') {
    if (found.kind !== 'link') return notOk('wrong', subject, aspect, `is a ${found.kind}, expected a link`);
    return found.text === placed.text
      ? ok(subject, aspect)
      : notOk('wrong', subject, aspect, `points to ${found.text}, expected ${placed.text}`);
  }
  if (placed.kind === 'default' && placed.sha256 === undefined) return ok(subject, aspect, 'was there before');
  if (found.kind !== 'file') return notOk('wrong', subject, aspect, `is a ${found.kind}, expected a file`);
  const differs = difference(placed, found);
  if (differs === undefined) return ok(subject, aspect);
  return { ...notOk('modified', subject, aspect, differs), acceptable: placed.kind === 'default' };
}

/** What an operator has done to a file; the content first. */
function difference(
  placed: Attributes & { readonly sha256?: string | undefined },
  found: Attributes & { readonly sha256: string },
) {
  if (found.sha256 !== placed.sha256) return 'its content was changed';
  const [was, is] = [placed, found].map(({ mode, uid, gid }) => `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`);
  return was === is ? undefined : `has mode and owner ${is}, it was placed with ${was}`;
}
