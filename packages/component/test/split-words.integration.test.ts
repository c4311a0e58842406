import { splitWords } from '@goldstream/component';
import { systemRunner } from '@goldstream/system';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('splitWords beside a real shell', () => {
  it('gives the words that sh gives, for every command that it accepts', async () => {
    const piece = fc.constantFrom(
      'a',
      'B=1',
      ' ',
      '\t',
      "'",
      '"',
      '\\',
      '$x',
      '*',
      '-',
      '%s',
      'é',
      "' '",
      '" "',
      '!',
      ',',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: piece, maxLength: 12 }), async (text) => {
        const words = accepted(`program ${text}`);
        fc.pre(words !== undefined);
        const said = await systemRunner.capture(['sh', '-c', `program() { printf '%s\\n' "$@"; }; program ${text} .`]);
        expect(`${said}`).toBe([...(words ?? []).slice(1), '.', ''].join('\n'));
      }),
      { numRuns: 150 },
    );
  });
});

function accepted(command: string) {
  try {
    return splitWords(command);
  } catch {
    return undefined;
  }
}
