import { isAllowedXattr } from '../guard/xattr-policy.ts';
import type { FinalNames } from './final-names.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { ObjectFacts } from './object-facts.ts';
import type { ObjectTracker } from './object-tracker.ts';
import { pathText } from './path-text.ts';
import { SortedList } from './sorted-list.ts';

/**
 * What a stream leaves behind that a policy is about, by the names at its end: every name of an object counts. What the
 * stream itself takes back, a mode that another `chmod` replaces, is not listed.
 */
export function listFindings(tracker: ObjectTracker, { objects }: FinalNames): readonly Finding[] {
  const findings = new SortedList<Finding>();
  for (const { entry, names } of objects()) {
    const found = [...findingsOf(tracker.factsOf(entry))];
    if (entry.kind === 'character-device' || entry.kind === 'block-device') {
      found.push({ kind: 'device', says: entry.kind.replace('-', ' ') });
    }
    for (const { path } of names) {
      for (const { kind, says } of [...found, ...symlinkFinding(tracker.factsOf(entry), path)]) {
        findings.add(path, { kind, weight: WEIGHT[kind], path: pathText(path), says });
      }
    }
  }
  return findings.entries();
}

/** Which of them the guard refuses unless it is told otherwise. */
export const WEIGHT: Readonly<Record<FindingKind, Finding['weight']>> = {
  'set-id': 'policy',
  capability: 'policy',
  device: 'policy',
  xattr: 'policy',
  'no-data': 'policy',
  names: 'policy',
  'outward-symlink': 'information',
  flags: 'information',
};

type Found = Pick<Finding, 'kind' | 'says'>;

function* findingsOf({ metadata }: ObjectFacts): Generator<Found> {
  if (metadata === undefined) return;
  const { mode = 0, xattrs, flags, verity } = metadata;
  if ((mode & SET_ID) !== 0) yield { kind: 'set-id', says: `mode ${mode.toString(8).padStart(4, '0')}` };
  for (const [name, isSet] of xattrs ?? []) {
    if (!isSet || isAllowedXattr(Buffer.from(name, 'latin1'))) continue;
    yield { kind: name === CAPABILITY ? 'capability' : 'xattr', says: pathText(name) };
  }
  if (flags !== undefined) yield { kind: 'flags', says: `inode flags 0x${flags.toString(16)}` };
  if (verity) yield { kind: 'flags', says: 'fs-verity' };
}

/** S_ISUID | S_ISGID. */
const SET_ID = 0o6000;

const CAPABILITY = 'security.capability';

function* symlinkFinding({ target }: ObjectFacts, path: string): Generator<Found> {
  if (target === undefined || !leadsOut(target, path)) return;
  yield { kind: 'outward-symlink', says: `points to ${pathText(target)}` };
}

/** By its text alone: what other symlinks on the way do is not looked at. */
function leadsOut(target: string, path: string): boolean {
  if (target.startsWith('/')) return true;
  let depth = path.split('/').length - 1;
  for (const component of target.split('/')) {
    if (component === '..') depth -= 1;
    else if (component !== '' && component !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
