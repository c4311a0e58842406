import { NOTHING_SHA256 } from './event.ts';
import type { Stray } from './scan-trail.ts';
import { type AuditHead, NO_HEAD } from './trail-head.ts';

/** What the judgement needs of an entry. */
export interface Link {
  readonly line: number;
  readonly number: number;
  readonly previous: string;
  readonly sha256: string;
  readonly event: string;
  /** Of an event `torn`: the bytes that it seals. */
  readonly seals?: { readonly bytes: number; readonly sha256: string } | undefined;
  /** Of an event `damage`: what was found. */
  readonly found?: string | undefined;
  readonly before: Stray | undefined;
}

/** Something that is not as it was written. */
export interface Finding {
  /** In the file, from 1; where lines are missing, the line behind which they stood. */
  readonly line: number;
  readonly kind: 'changed' | 'missing' | 'foreign' | 'moved' | 'unreadable' | 'damage' | 'wrong-number' | 'wrong-start';
  readonly says: string;
}

/**
 * Walks the chain from its head back to its first line. Every entry vouches for the line before it, so that the head
 * vouches for all; where a line is not the one that is vouched for, the place is named and the walk goes on from what
 * stands there. Pure.
 *
 * @param head the end as known from elsewhere; undefined: the last line is taken at its word
 * @param trailing what stands behind the last entry and has no business there
 * @returns findings by rising line; none: every line from the first one to the head is as it was written
 */
export function judgeTrail(
  links: readonly Link[],
  head: AuditHead | undefined,
  trailing?: Stray | undefined,
): readonly Finding[] {
  const findings = new Walk(links, trailing).from(head);
  const moved = new Set(findings.filter(({ kind }) => kind === 'moved').map(({ line }) => line));
  return findings
    .filter(({ kind, line }) => kind !== 'foreign' || !moved.has(line))
    .toSorted((one, other) => one.line - other.line);
}

class Walk {
  readonly #links: readonly Link[];
  readonly #trailing: Stray | undefined;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #findings: Finding[] = [];
  /** Index of the last link that was not looked at. */
  #cursor: number;

  constructor(links: readonly Link[], trailing: Stray | undefined) {
    this.#links = links;
    this.#trailing = trailing;
    this.#indexOf = new Map(links.map(({ sha256 }, index) => [sha256, index]));
    this.#cursor = links.length - 1;
  }

  from(head: AuditHead | undefined): Finding[] {
    if (this.#trailing !== undefined) this.#unreadable(this.#trailing);
    const last = this.#links.at(-1);
    let expected = head ?? (last === undefined ? NO_HEAD : headOf(last));
    while (expected.number > 0) expected = this.#step(expected);
    this.#passOver(-1, 'it stands before the first line');
    if (expected.sha256 !== NOTHING_SHA256) this.#find(1, 'wrong-start', 'the first line follows on another one');
    return this.#findings;
  }

  /** Looks for the expected line, says what is wrong on the way, and returns what is expected before it. */
  #step(expected: AuditHead): AuditHead {
    const at = this.#indexOf.get(expected.sha256);
    const link = at === undefined ? undefined : this.#links[at];
    if (at === undefined || link === undefined) return this.#miss(expected);
    if (at > this.#cursor) {
      this.#find(link.line, 'moved', `entry ${link.number} stood further up when it was written`);
    } else {
      this.#passOver(at, 'it is not part of the chain');
      this.#cursor = at - 1;
      this.#lookAt(link);
    }
    if (link.number !== expected.number) {
      this.#find(link.line, 'wrong-number', `it has the number ${link.number} in the place of ${expected.number}`);
    }
    return { number: expected.number - 1, sha256: link.previous };
  }

  /** The expected line is nowhere: a changed one stands in its place, or none. */
  #miss(expected: AuditHead): AuditHead {
    const here = this.#links[this.#cursor];
    if (here !== undefined && this.#standsFor(here, expected.number)) return this.#changed(here, expected);

    let at = this.#cursor;
    while (at >= 0 && (this.#links[at]?.number ?? 0) >= expected.number) at -= 1;
    const strays = this.#straysAbove(at);
    this.#passOver(at, 'it is not part of the chain');
    this.#cursor = at;
    const link = this.#links[at];
    this.#missing((link?.number ?? 0) + 1, expected.number, link?.line ?? 0, strays);
    return link === undefined ? NO_HEAD : headOf(link);
  }

  /** Whether the line at the cursor is what became of an entry: it has its number, or stands right behind the one before. */
  #standsFor({ number }: Link, expected: number): boolean {
    const below = this.#links[this.#cursor - 1]?.number ?? 0;
    return number === expected || (below === expected - 1 && number !== expected - 1);
  }

  #changed(link: Link, { number, sha256 }: AuditHead): AuditHead {
    const says = `it is not entry ${number} as it was written: SHA-256 ${link.sha256} instead of ${sha256}`;
    this.#find(link.line, 'changed', says);
    this.#lookAt(link);
    this.#cursor -= 1;
    // It may still say rightly what it followed on; if it does not, the line before is taken at its word.
    const before = this.#links[this.#cursor];
    const isKnown = this.#indexOf.has(link.previous) || before?.number !== number - 1;
    return isKnown ? { number: number - 1, sha256: link.previous } : headOf(before);
  }

  /** Entries above `at`, up to the cursor, are foreign. What stands between them is looked at where they are. */
  #passOver(at: number, because: string): void {
    for (let index = this.#cursor; index > at; index -= 1) {
      const link = this.#links[index];
      if (link === undefined) continue;
      this.#find(link.line, 'foreign', `entry ${link.number} was not written here: ${because}`);
      this.#lookAt(link);
    }
  }

  /** What an entry that stands in the file says of the lines before it. */
  #lookAt({ line, event, found, seals, before }: Link): void {
    if (event === 'torn') {
      this.#lookAtSeal(line, seals, before);
      return;
    }
    if (event === 'damage') this.#find(line, 'damage', `when it was written, this was found: ${found ?? 'damage'}`);
    if (before !== undefined) this.#unreadable(before);
  }

  #lookAtSeal(line: number, seals: Link['seals'], before: Stray | undefined): void {
    if (before === undefined) {
      this.#find(line, 'missing', 'the bytes that it seals were taken away');
    } else if (!before.canBeTorn || before.bytes !== seals?.bytes || before.sha256 !== seals.sha256) {
      this.#find(before.firstLine, 'changed', `its bytes are not those that line ${line} seals`);
    }
  }

  #unreadable({ firstLine, lastLine, because }: Stray): void {
    const upTo = lastLine === firstLine ? '' : ` (and so up to line ${lastLine})`;
    this.#find(firstLine, 'unreadable', `it is no entry: ${because}${upTo}`);
  }

  /** Strays that stand where entries are missing are what became of them, and are named by themselves; sealed ones are not. */
  #straysAbove(at: number): number {
    const above = this.#links[at + 1];
    if (above?.event === 'torn') return 0;
    const before = above === undefined ? this.#trailing : above.before;
    return before === undefined ? 0 : before.lastLine - before.firstLine + 1;
  }

  #missing(first: number, last: number, behind: number, strays: number): void {
    if (strays > last - first) return;
    const which = first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
    this.#find(behind, 'missing', `${which} missing behind it`);
  }

  #find(line: number, kind: Finding['kind'], says: string): void {
    this.#findings.push({ line, kind, says });
  }
}

function headOf({ number, sha256 }: Link): AuditHead {
  return { number, sha256 };
}
