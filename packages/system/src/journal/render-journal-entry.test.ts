import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJournalEntry } from './render-journal-entry.ts';

describe('renderJournalEntry', () => {
  it('writes one line for each field', () => {
    expect(renderJournalEntry({ MESSAGE: 'Rückkehr = done', PRIORITY: 5 })).toBe(
      'MESSAGE=Rückkehr = done\nPRIORITY=5\n',
    );
  });

  it('lets no value make a field of its own', () => {
    expect(renderJournalEntry({ MESSAGE: 'a\nPRIORITY=0\0\r\u0085\u2028' })).toBe(
      'MESSAGE=a\\x0aPRIORITY=0\\x00\\x0d\\x85\\u2028\n',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const lines = renderJournalEntry({ MESSAGE: value, LAST: value }).split('\n');
        expect(lines).toHaveLength(3);
        expect(lines.map((line) => line.split('=', 1)[0])).toEqual(['MESSAGE', 'LAST', '']);
      }),
    );
  });

  it.each(['', 'message', '_UID', 'A B', 'A=B', 'A\n', '1A', 'A'.repeat(65)])('has no field “%s”', (name) => {
    expect(() => renderJournalEntry({ [name]: '' })).toThrow(RangeError);
  });
});
