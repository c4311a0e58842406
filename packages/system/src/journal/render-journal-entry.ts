/** Fields of a journal entry by name; those of systemd.journal-fields(7), and a program's own. */
export type JournalFields = Readonly<Record<string, string | number>>;

/** systemd.journal-fields(7): upper-case letters, digits and underscores; those that begin with one are the journal's own. */
const FIELD_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * An entry as `logger --journald` reads it: one line for each field. What would end a line, and every other control
 * character, is written as `\xHH` or `\uHHHH`, so that no value makes a field of its own.
 * @throws RangeError for a name that no field can have: a mistake of the caller
 */
export function renderJournalEntry(fields: JournalFields): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (!FIELD_NAME.test(name)) throw new RangeError(`${name} is no name of a journal field`);
      return `${name}=${String(value).replaceAll(/[\p{Cc}\u2028\u2029]/gu, escapeCharacter)}\n`;
    })
    .join('');
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
