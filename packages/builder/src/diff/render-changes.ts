import { formatBytes } from '@goldstream/cli';
import type { ChangesDocument, ChangesTotals } from './changes-document.ts';
import { DESCRIBE } from './describe-change.ts';

/** All changes as a person reads them at a terminal: a line of totals, then one line for each. */
export function renderChanges(document: ChangesDocument): string {
  const { version, parent, totals } = document;
  const from = parent === undefined ? 'from nothing' : `from ${parent.version ?? parent.uuid}`;
  const lines = [
    `${version} ${from}: ${renderTotals(totals)}`,
    ...document.created.map((entry) => line('+', entry.path, DESCRIBE.created(entry, plain))),
    ...document.changed.map((entry) => line('~', entry.path, DESCRIBE.changed(entry, plain))),
    ...document.removed.map((entry) => line('-', entry.path, DESCRIBE.removed(entry))),
    ...document.renamed.map((entry) => line('>', `${entry.from} → ${entry.to}`, DESCRIBE.renamed(entry))),
    ...document.links.map((entry) => line('=', `${entry.path} → ${entry.to}`, DESCRIBE.links(entry))),
    ...document.metadata.map((entry) => line('m', entry.path, DESCRIBE.metadata(entry, plain))),
  ];
  return lines.map((text) => `${text}\n`).join('');
}

/** How much there is of what: "3 created, 1 removed; 2.0 MiB of contents set anew". */
export function renderTotals({ bytes, carried: _, ...counts }: ChangesTotals): string {
  const said = Object.entries(WORDS).flatMap(([name, word]) => {
    // The words are those of the lists.
    const count = counts[name as keyof typeof WORDS];
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const what = said.length === 0 ? 'nothing changed' : said.join(', ');
  return bytes === 0 ? what : `${what}; ${formatBytes(bytes)} of contents set anew`;
}

const WORDS = {
  created: 'created',
  changed: 'changed',
  removed: 'removed',
  renamed: 'renamed',
  links: 'hard-linked',
  metadata: 'with other metadata only',
} as const satisfies Record<Exclude<keyof ChangesTotals, 'bytes' | 'carried'>, string>;

function line(sign: string, path: string, says: string): string {
  return says === '' ? `  ${sign} ${path}` : `  ${sign} ${path}  (${says})`;
}

function plain(text: string): string {
  return text;
}
