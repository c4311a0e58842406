import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest-of.ts';
import type { AuditEntry } from './entry.ts';
import { NOTHING_SHA256 } from './event.ts';
import { gatherLinks } from './gather-links.ts';
import { renderEntry } from './render-entry.ts';
import { scanTrail } from './scan-trail.ts';
import type { StoredHead } from './trail-head.ts';
import { type OtherHead, type TrailVerdict, verifyTrail } from './verify-trail.ts';

const LENGTH = 12;
const LINES = trailOf(LENGTH);
const HEAD = headOf(LINES);

/** Bytes that a cut left, and a trail that seals them. */
const TORN = '{"number":4,"previ\n';
const SEALED = withSeal(TORN, TORN);

/** Of a line that can be any but the last one. */
const anyButLast = fc.integer({ min: 1, max: LENGTH - 1 });
const anyLine = fc.integer({ min: 1, max: LENGTH });

describe('verifyTrail', () => {
  it('finds nothing in a trail as it was written, also one of later versions', async () => {
    expect(await verdict(LINES)).toEqual({ ok: true, entries: LENGTH, head: HEAD, unfinished: false, findings: [] });
    const later = trailOf(3, { event: 'teleport', subject: { to: 'mars' }, outcome: { kind: 'perhaps' }, new: [1] });
    expect(await verdict(later, headOf(later))).toMatchObject({ ok: true, entries: 3 });
  });

  it('finds every changed byte and names its line', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, fc.nat(), fc.integer({ min: 1, max: 255 }), async (line, where, difference) => {
        const bytes = Buffer.from(lineAt(line), 'latin1');
        const at = where % bytes.length;
        bytes.writeUInt8((bytes.readUInt8(at) ^ difference) & 0xff, at);
        const named = await linesFound(withLine(line, bytes.toString('latin1')));
        expect(named).toContain(line);
        // A line's own number and what it follows on may be blamed on a neighbour too, and nobody else.
        expect(named.every((found) => Math.abs(found - line) <= 1)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('names the changed line alone where its links are untouched', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, async (line) => {
        expect(await linesFound(withLine(line, lineAt(line).replace('v1.0.', 'v1.1.')))).toEqual(
          line === 1 ? [] : [line],
        );
      }),
    );
  });

  it('finds removed lines and names the one behind which they stood', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, fc.nat({ max: LENGTH }), async (line, further) => {
        const last = Math.min(LENGTH, line + further);
        const { findings } = await verdict(LINES.filter((_, index) => index + 1 < line || index + 1 > last));
        const which = line === last ? `entry ${line} is` : `entries ${line} to ${last} are`;
        expect(findings).toEqual([{ line: line - 1, kind: 'missing', says: `${which} missing behind it` }]);
      }),
    );
  });

  it('finds inserted lines, whatever they say', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLine,
        fc.oneof(
          anyLine.map(lineAt),
          fc.string().map((text) => `${JSON.stringify(text)}\n`),
          anyLine.map(forgedAt),
        ),
        async (before, inserted) => {
          const lines = [...LINES.slice(0, before - 1), inserted, ...LINES.slice(before - 1)];
          const named = await linesFound(lines);
          expect(named.length).toBeGreaterThan(0);
          const isCopy = LINES.includes(inserted);
          // Of a line and its copy beside it, either is the one too many.
          for (const found of named) expect(lines[found - 1] === inserted || (!isCopy && found === before)).toBe(true);
        },
      ),
    );
  });

  it('finds lines that changed places, and names one of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, anyLine, async (one, other) => {
        fc.pre(one !== other);
        const lines = LINES.with(one - 1, lineAt(other)).with(other - 1, lineAt(one));
        const named = await linesFound(lines);
        expect(named.some((found) => found === one || found === other)).toBe(true);
      }),
    );
  });

  it('finds a cut at every byte, and names the last line that is whole or the one that is not', async () => {
    const whole = LINES.join('');
    for (let end = 0; end < whole.length; end += 1) {
      const left = whole.slice(0, end);
      const ended = left.split('\n').length - 1;
      const named = await linesFound([left]);
      expect(named.length).toBeGreaterThan(0);
      expect(named.every((line) => line === ended || line === ended + 1)).toBe(true);
    }
  });

  it('finds a line that was appended rightly by somebody who did not move the head', async () => {
    const lines = [...LINES, forgedAt(LENGTH + 1)];
    expect(await verdict(lines)).toMatchObject({ findings: [{ line: LENGTH + 1, kind: 'foreign' }] });
    expect(await verdict(lines, { ...HEAD, next: 'c'.repeat(64) })).toMatchObject({ ok: false });
    expect(await verdict(lines, { ...HEAD, next: digestOf(forgedAt(LENGTH + 1)) })).toMatchObject({ ok: true });
  });

  it('finds a trail that was written anew from some line on, by the head alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyButLast, async (line) => {
        const lines = rewrittenFrom(line);
        expect(await verdict(lines, 'none')).toMatchObject({ findings: [] });
        const { ok, findings } = await verdict(lines);
        expect(ok).toBe(false);
        expect(findings.at(-1)).toMatchObject({ line: LENGTH, kind: 'changed' });
      }),
    );
  });

  it('finds a trail and head that were both cut short or rewritten, by heads that were written down elsewhere', async () => {
    const others = [{ ...HEAD, where: 'the record of deployment 7' }];
    const short = LINES.slice(0, 5);
    expect(await verdict(short, headOf(short))).toMatchObject({ ok: true });
    expect(await verdict(short, headOf(short), others)).toMatchObject({ findings: [{ line: 5, kind: 'missing' }] });
    const anew = rewrittenFrom(3);
    expect(await verdict(anew, headOf(anew), others)).toMatchObject({ findings: [{ line: LENGTH, kind: 'missing' }] });
  });

  it('accepts sealed bytes exactly as they were sealed', async () => {
    const [torn, lines] = [TORN, SEALED];
    expect(await verdict(lines, headOf(lines))).toMatchObject({ ok: true, entries: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: torn.length - 2 }), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const bytes = Buffer.from(torn);
        bytes.writeUInt8(bytes.readUInt8(at) ^ difference, at);
        const changed = lines.with(3, bytes.toString('latin1'));
        expect(await linesFound(changed, headOf(lines))).toContain(4);
      }),
    );
    expect(await linesFound(lines.toSpliced(3, 1), headOf(lines))).toEqual([4]);
    // The sealed bytes are not what became of the entry before them.
    expect(await linesFound(lines.toSpliced(2, 1), headOf(lines))).toEqual([2]);
    expect(await linesFound(lines.toSpliced(3, 0, 'more\n'), headOf(lines))).toEqual([4]);
  });

  it('accepts unfinished bytes only while a line is announced that is not there', async () => {
    const unfinished = [...LINES, '{"number":13,"prev'];
    expect(await verdict(unfinished, { ...HEAD, next: 'c'.repeat(64) })).toMatchObject({ ok: true, unfinished: true });
    expect(await verdict(unfinished)).toMatchObject({ ok: false, unfinished: false });
    const before = { ...headOf(LINES.slice(0, -1)), next: HEAD.sha256 };
    expect(await verdict(LINES, before)).toMatchObject({ ok: true, unfinished: false });
    expect(await linesFound(unfinished, before)).toEqual([LENGTH + 1]);
  });

  it('does not accept a seal that hides an entry or more than appends can leave', async () => {
    const hidden = withSeal(lineAt(4), lineAt(4));
    expect(await linesFound(hidden, headOf(hidden))).toContain(4);
    const huge = `${'x'.repeat(10_000)}\n`;
    expect(await linesFound(withSeal(huge, huge), headOf(withSeal(huge, huge)))).toContain(4);
  });

  it('finds whatever was done to a trail, several things at once', async () => {
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: fc.string() }),
      fc.record({ kind: fc.constant('copy' as const), at: fc.nat(), from: fc.nat() }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(LINES, SEALED),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (written, edits) => {
          let lines: readonly string[] = written;
          for (const { at, ...how } of edits) {
            const place = lines.length === 0 ? 0 : at % lines.length;
            if (how.kind === 'remove') lines = lines.toSpliced(place, 1);
            if (how.kind === 'insert') lines = lines.toSpliced(place, 0, how.text);
            if (how.kind === 'copy') lines = lines.toSpliced(place, 0, lines[how.from % (lines.length || 1)] ?? '');
            if (how.kind === 'cut') lines = lines.slice(0, place);
          }
          const { ok, findings } = await verdict(lines, headOf(written));
          expect(ok).toBe(lines.join('') === written.join(''));
          expect(ok).toBe(findings.length === 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a huge line', `${'x'.repeat(5_000_000)}\n`],
    ['no UTF-8', '\xff\xfe\n'],
    ['JSON as deep as a line can be', `${'['.repeat(2000)}${']'.repeat(2000)}\n`],
    ['only newlines', '\n'.repeat(5000)],
    ['zeros', '\0'.repeat(5000)],
    ['names that are there twice', lineAt(4).replace('{', '{"number":4,')],
    ['a number beyond 2^53', lineAt(4).replace('"number":4', '"number":9007199254740993')],
    ['a prototype', lineAt(4).replace('{', '{"__proto__":{},')],
    ['a known event about something else', lineAt(4).replace(/"subject":\{[^}]*\}/, '"subject":{"version":"../.."}')],
  ])('survives %s in the place of a line, and names it', async (_, text) => {
    expect(await linesFound(withLine(4, text))).toContain(4);
  });

  it('takes no time over numbers that nobody can have reached', async () => {
    const lines = [renderEntry(entryOf(Number.MAX_SAFE_INTEGER, 'a'.repeat(64))).toString()];
    expect(await verdict(lines, 'none')).toMatchObject({ ok: false });
  });
});

function entryOf(number: number, previous: string, differing: object = {}): AuditEntry {
  const isFirst = number === 1;
  return {
    number,
    previous,
    time: '2026-11-22T07:00:00.000Z',
    event: isFirst ? 'genesis' : 'pin',
    subject: isFirst ? { trail: '0'.repeat(32), application: 'app' } : { version: `v1.0.${number}` },
    outcome: { kind: 'done' },
    by: { uid: 0 },
    program: '1.0.0',
    ...differing,
  };
}

function trailOf(length: number, differing: object = {}): readonly string[] {
  const lines: string[] = [];
  for (let number = 1; number <= length; number += 1) {
    const previous = number === 1 ? NOTHING_SHA256 : digestOf(lines.at(-1) ?? '');
    lines.push(renderEntry(entryOf(number, previous, number === 1 ? {} : differing)).toString());
  }
  return lines;
}

/** As somebody would write it who knows the format: right number, right digest of the line before. */
function forgedAt(line: number): string {
  const entry = entryOf(line, line === 1 ? NOTHING_SHA256 : digestOf(lineAt(line - 1)), { by: { uid: 666 } });
  return renderEntry(entry).toString();
}

function rewrittenFrom(line: number): readonly string[] {
  let lines = LINES.slice(0, line - 1);
  for (let number = line; number <= LENGTH; number += 1) {
    const previous = number === 1 ? NOTHING_SHA256 : digestOf(lines.at(-1) ?? '');
    lines = [...lines, renderEntry(entryOf(number, previous, { program: '6.6.6' })).toString()];
  }
  return lines;
}

/** Three entries, `bytes`, an entry that seals `sealed`, and one more. */
function withSeal(bytes: string, sealed: string): readonly string[] {
  const subject = { bytes: Buffer.byteLength(sealed), sha256: digestOf(sealed) };
  const seal = renderEntry(entryOf(4, digestOf(lineAt(3)), { event: 'torn', subject })).toString();
  return [...LINES.slice(0, 3), bytes, seal, renderEntry(entryOf(5, digestOf(seal))).toString()];
}

function lineAt(line: number): string {
  return LINES[line - 1] ?? '';
}

function withLine(line: number, text: string): readonly string[] {
  return LINES.with(line - 1, text);
}

function headOf(lines: readonly string[]): StoredHead {
  const last = lines.at(-1) ?? '';
  return { number: JSON.parse(last).number, sha256: digestOf(last) };
}

async function verdict(
  lines: readonly string[],
  head: StoredHead | 'none' = HEAD,
  others: readonly OtherHead[] = [],
): Promise<TrailVerdict> {
  const { links, trailing } = await gatherLinks(scanTrail(bytesOf(lines)));
  const stored = head === 'none' ? undefined : ({ kind: 'head', head } as const);
  return verifyTrail({ links, trailing, stored, grew: false, others });
}

async function linesFound(lines: readonly string[], head: StoredHead = HEAD): Promise<readonly number[]> {
  return [...new Set((await verdict(lines, head)).findings.map(({ line }) => line))];
}

async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join(''), 'latin1');
}
