import type { ChangesDocument } from './changes-document.ts';
import { DESCRIBE } from './describe-change.ts';
import { renderTotals } from './render-changes.ts';

/** Entries named under each heading; the rest is counted. */
const MOST_NAMED = 25;
/** Characters shown of a path; a longer one is cut in its middle. */
const LONGEST_PATH = 160;

/**
 * Changes for a release page: totals, then what changed most under each heading. Of limited length, whatever changed.
 * Names are data: they stand in code spans, where nothing is markup, and hold no line breaks (`pathText`).
 */
export function renderChangesMarkdown(document: ChangesDocument): string {
  const { application, version, parent, totals } = document;
  const heavy = { changed: heaviest(document.changed), created: heaviest(document.created) };
  const sections = [
    section(
      'Changed',
      heavy.changed.map((entry) => item(code(entry.path), DESCRIBE.changed(entry, code))),
    ),
    section(
      'Created',
      heavy.created.map((entry) => item(code(entry.path), DESCRIBE.created(entry, code))),
    ),
    section(
      'Removed',
      document.removed.map((entry) => item(code(entry.path), DESCRIBE.removed(entry))),
    ),
    section(
      'Renamed',
      document.renamed.map((entry) => item(arrow(entry.from, entry.to), DESCRIBE.renamed(entry))),
    ),
    section(
      'Hard links',
      document.links.map((entry) => item(arrow(entry.path, entry.to), DESCRIBE.links(entry))),
    ),
    section(
      'Metadata only',
      document.metadata.map((entry) => item(code(entry.path), DESCRIBE.metadata(entry, code))),
    ),
  ];
  const title = [application, version].filter((word) => word !== undefined).join(' ');
  const since = parent === undefined ? '' : `Since ${parent.version ?? parent.uuid}: `;
  return `# Changes in ${title}\n\n${since}${renderTotals(totals)}.\n${sections.join('')}`;
}

/** Those that weigh most first; of equal weight by path, as they come. */
function heaviest<Entry extends { readonly bytes?: number }>(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
}

function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const named = items.slice(0, MOST_NAMED);
  const more = items.length > named.length ? [`- and ${items.length - named.length} more`] : [];
  return `\n## ${title}\n\n${[...named, ...more].join('\n')}\n`;
}

function item(what: string, says: string): string {
  return says === '' ? `- ${what}` : `- ${what}: ${says}`;
}

function arrow(from: string, to: string): string {
  return `${code(from)} → ${code(to)}`;
}

/** A code span (CommonMark 0.31, 6.1): fenced by more backticks than the text has in a row. */
function code(text: string): string {
  const shown = shortened(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // One space at both ends is taken away by the reader, unless there is nothing but spaces.
  const needsRoom = /^[ `]|[ `]$/.test(shown) && /[^ ]/.test(shown);
  return needsRoom ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_PATH) return text;
  const half = LONGEST_PATH / 2;
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
