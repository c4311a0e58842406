import type { Finding, Link } from './judge-trail.ts';
import { judgeTrail } from './judge-trail.ts';
import type { Stray } from './scan-trail.ts';
import { type AuditHead, type FoundHead, NO_HEAD, type StoredHead } from './trail-head.ts';

/** A head that was written down somewhere else than beside the trail. */
export interface OtherHead extends AuditHead {
  /** Where: `the record of deployment 7`. */
  readonly where: string;
}

/** What a trail is judged with. */
export interface TrailFacts {
  readonly links: readonly Link[];
  readonly trailing: Stray | undefined;
  /** As stored beside the trail before it was read; undefined: the trail was brought from elsewhere, alone. */
  readonly stored: FoundHead | undefined;
  /** Whether the stored head was another one after the trail was read: somebody appended meanwhile. */
  readonly grew: boolean;
  readonly others: readonly OtherHead[];
}

/** What `audit verify` says. */
export interface TrailVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: AuditHead;
  /** An append was cut off and is not sealed yet; the next one does that. */
  readonly unfinished: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Judges a trail by all heads that are known. A line that was being appended when everything stopped is no finding:
 * the stored head announces it.
 */
export function verifyTrail(facts: TrailFacts): TrailVerdict {
  const { stored } = facts;
  const head = stored?.kind === 'head' ? stored.head : undefined;
  const { links, trailing } = facts.grew && head !== undefined ? asOf(head, facts) : facts;
  const isAppending = head?.next !== undefined && links.at(-1)?.sha256 !== head.next;
  const unfinished = isAppending && trailing?.canBeTorn === true;
  const findings = [
    ...headFindings(stored, links.length),
    ...judgeTrail(links, head && endOf(head, links), unfinished ? undefined : trailing),
    ...otherFindings(links, facts.others),
  ];
  const last = links.at(-1);
  return {
    ok: findings.length === 0,
    entries: links.length,
    head: last === undefined ? NO_HEAD : { number: last.number, sha256: last.sha256 },
    unfinished,
    findings,
  };
}

/** The end that a stored head stands for: the announced line, once it is there whole. */
export function endOf({ number, sha256, next }: StoredHead, links: readonly Pick<Link, 'sha256'>[]): AuditHead {
  const isThere = next !== undefined && links.at(-1)?.sha256 === next;
  return isThere ? { number: number + 1, sha256: next } : { number, sha256 };
}

/** The trail as it was when its head was read, where others go on appending. */
function asOf({ number, sha256 }: AuditHead, { links, trailing }: TrailFacts): Pick<TrailFacts, 'links' | 'trailing'> {
  if (number === 0) return { links: [], trailing: undefined };
  const at = links.findLastIndex((link) => link.sha256 === sha256);
  return at < 0 ? { links, trailing } : { links: links.slice(0, at + 1), trailing: undefined };
}

function headFindings(stored: FoundHead | undefined, entries: number): readonly Finding[] {
  if (stored === undefined || stored.kind === 'head' || (stored.kind === 'missing' && entries === 0)) return [];
  const says = `the head that is stored beside the trail is ${stored.kind}: entries that were removed from its end are not missed`;
  return [{ line: entries, kind: 'missing', says }];
}

/** Entries that somebody else knows of must be here, with the digest that was written down there. The newest is named. */
function otherFindings(links: readonly Link[], others: readonly OtherHead[]): readonly Finding[] {
  const numberOf = new Map(links.map(({ sha256, number }) => [sha256, number]));
  const unknown = others.filter(({ sha256, number }) => number > 0 && numberOf.get(sha256) !== number);
  return [...new Set(unknown.map(({ where }) => where))].map((where) => {
    const there = unknown.filter((other) => other.where === where).toSorted((one, other) => other.number - one.number);
    const [{ number, sha256 } = NO_HEAD] = there;
    const more = there.length === 1 ? '' : `, and ${there.length - 1} more that are not here`;
    return {
      line: links.find((link) => link.number === number)?.line ?? links.at(-1)?.line ?? 0,
      kind: 'missing',
      says: `${where} knows entry ${number} with SHA-256 ${sha256}, which is not here${more}`,
    };
  });
}
