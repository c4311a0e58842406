import { existsSync } from 'node:fs';
import type { Runner } from '../runner.ts';
import { type JournalFields, renderJournalEntry } from './render-journal-entry.ts';

/** systemd's journal, or nothing where there is none. */
export interface Journal {
  /** Whether a journal listens: on a host where systemd runs, never for a tree. */
  readonly live: boolean;
  /**
   * Writes an entry with fields of its own. Does nothing without a journal.
   * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING`
   */
  write(fields: JournalFields): Promise<void>;
  /**
   * The newest entries, oldest first, that root's processes wrote with all of these fields; of each, the fields asked
   * for that are text. Only root can have written them: anybody may write any field, but `_UID` is the kernel's word.
   * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING`
   */
  read(matches: JournalFields, fields: readonly string[]): Promise<readonly Readonly<Record<string, string>>[]>;
}

/** Where the native protocol is spoken (systemd-journald.service(8)). */
const SOCKET = '/run/systemd/journal/socket';

/** More are not asked for; a host that wrote as many has far older ones elsewhere. */
const ENTRIES_LIMIT = 10_000;

/** The journal of a host (`root` is `/`) or of a tree, which has none. */
export function journalFor(runner: Runner, root: string, live = root === '/' && existsSync(SOCKET)): Journal {
  return {
    live,
    write: async (fields) => {
      if (live) await runner.run(['logger', '--journald'], { input: renderJournalEntry(fields) });
    },
    read: async (matches, fields) => {
      if (!live) return [];
      const output = await runner.capture([
        'journalctl',
        '--quiet',
        '--output=json',
        `--output-fields=${fields.join(',')}`,
        `--lines=${ENTRIES_LIMIT}`,
        '_UID=0',
        ...renderJournalEntry(matches).trimEnd().split('\n'),
      ]);
      return output.split('\n').flatMap((line) => (line === '' ? [] : [textsOf(line, fields)]));
    },
  };
}

/** systemd's JSON: a field is text, an array of bytes where it is not UTF-8, or null where it is too long. */
function textsOf(line: string, fields: readonly string[]): Readonly<Record<string, string>> {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== 'object' || entry === null) return {};
  const values = new Map<string, unknown>(Object.entries(entry));
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values.get(field);
      return typeof value === 'string' ? [[field, value] as const] : [];
    }),
  );
}
