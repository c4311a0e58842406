import { renderTable } from '@goldstream/cli';
import type { AuditEntry } from './entry.ts';
import type { ToldEntries } from './tell-entries.ts';

/** Of a digest, for people: enough to tell two apart. */
const SHORT_DIGEST = 12;

/** Entries as a table, and what is wrong with the lines between them. */
export function renderEntries({ entries, unreadable }: ToldEntries): string {
  const table = renderTable<AuditEntry>(entries, [
    { title: 'NUMBER', cell: ({ number }) => String(number), align: 'right' },
    { title: 'TIME', cell: ({ time }) => time.replace(/\.\d+Z$/, 'Z') },
    { title: 'WHO', cell: whoOf },
    { title: 'EVENT', cell: ({ event }) => event },
    { title: 'OUTCOME', cell: outcomeOf },
    { title: 'ABOUT', cell: aboutOf },
  ]);
  const strays = unreadable.map(({ firstLine, because }) => `line ${firstLine} is no entry: ${because}\n`);
  return `${entries.length === 0 ? 'no such entries\n' : table}${strays.join('')}`;
}

function whoOf({ by: { uid, loginUid, sudoUid } }: AuditEntry): string {
  const login = loginUid ?? sudoUid;
  return login === undefined || login === uid ? String(uid) : `${uid} (${login})`;
}

function outcomeOf({ outcome: { kind, ...rest } }: AuditEntry): string {
  const code = rest['code'];
  return typeof code === 'string' ? `${kind} ${code}` : kind;
}

function aboutOf({ subject, details = {} }: AuditEntry): string {
  return Object.entries({ ...subject, ...details })
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(' ');
}

function textOf(value: unknown): string {
  if (typeof value === 'string')
    return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, SHORT_DIGEST)}…` : oneLine(value);
  return oneLine(JSON.stringify(value) ?? '');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
