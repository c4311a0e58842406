import { renderTable } from '@goldstream/cli';
import type { Finding } from './judge-trail.ts';
import type { TrailVerdict } from './verify-trail.ts';

/** What `audit verify` says, as text. */
export function renderVerdict({ ok, entries, head, unfinished, findings }: TrailVerdict): string {
  const end = `${entries} entries, head ${head.number}:${head.sha256}\n`;
  const torn = unfinished ? 'an append was cut off; the next entry will seal what is left of it\n' : '';
  if (ok) return `${end}${torn}every line is as it was written\n`;
  const table = renderTable<Finding>(findings, [
    { title: 'LINE', cell: ({ line }) => String(line), align: 'right' },
    { title: 'WHAT', cell: ({ kind }) => kind },
    { title: 'FOUND', cell: ({ says }) => says },
  ]);
  return `${table}${end}${torn}the trail is NOT as it was written\n`;
}
