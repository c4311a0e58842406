import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ReceiverError } from '../error.ts';
import { kindAt } from './look-at-place.ts';

/** Where a path of a tree is on this host. */
export interface Resolved {
  /** The last name is not followed; everything before it is. */
  readonly place: string;
  /** Whether its directory exists: `blocked` when something on the way is no directory. */
  readonly parent: 'present' | 'missing' | 'blocked';
  /** The directories on the way that do not exist, the outermost first. */
  readonly missing: readonly string[];
}

/** As many links as the kernel follows (path_resolution(7)). */
const LINKS = 40;

/**
 * Resolves an absolute path as if `root` were `/`, as chroot(2) does: absolute links begin at `root`.
 * @throws ReceiverError `TARGET_OUTSIDE_ROOT` when a link climbs out of `root` (of `/` nothing does), or in a circle
 */
export async function resolveInside(root: string, path: string): Promise<Resolved> {
  const waiting = path.split('/').filter((name) => name !== '');
  const last = waiting.pop() ?? '';
  let walked: string[] = [];
  let parent: Resolved['parent'] = 'present';
  const missing: string[] = [];
  for (let links = 0; waiting.length > 0; ) {
    const name = waiting.shift() as string; // there is one: the loop's condition
    if (name === '..') {
      if (walked.length === 0 && root !== '/') throw outside(root, path, `climbs out of ${root}`);
      walked = walked.slice(0, -1);
      continue;
    }
    const here = join(root, ...walked, name);
    const kind = parent === 'present' ? await kindAt(here) : 'absent';
    if (kind === 'link') {
      links += 1;
      if (links > LINKS) throw outside(root, path, `leads through more than ${LINKS} links`);
      const text = await readlink(here);
      if (text.startsWith('/')) walked = [];
      waiting.unshift(...text.split('/').filter((part) => part !== '' && part !== '.'));
      continue;
    }
    if (kind === 'file' || kind === 'other') parent = 'blocked';
    if (kind === 'absent' && parent === 'present') parent = 'missing';
    if (parent === 'missing') missing.push(here);
    walked.push(name);
  }
  return { place: join(root, ...walked, last), parent, missing };
}

function outside(root: string, path: string, problem: string): ReceiverError {
  return new ReceiverError('TARGET_OUTSIDE_ROOT', `the way to ${path} ${problem}`, {
    hint: `Look at the links in it below ${root}.`,
  });
}
