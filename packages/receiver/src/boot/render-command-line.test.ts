import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine, renderCommandLine } from './render-command-line.ts';

describe('renderCommandLine', () => {
  it('leaves plain words and specifiers as they are', () => {
    const words = ['/usr/bin/node', '--conditions=source', '/opt/app/main.ts', '--app', '%i'];
    expect(renderCommandLine(words, ['%i'])).toBe('/usr/bin/node --conditions=source /opt/app/main.ts --app %i');
  });

  it('lets systemd expand and split nothing else', () => {
    expect(renderCommandLine(['/a b', '100%i', '$HOME', 'say "x"', '\\', ';', '', 'two\nlines'])).toBe(
      String.raw`"/a b" 100%%i $$HOME "say \"x\"" "\\" ";" "" "two\x0alines"`,
    );
  });

  it('writes one line, which is read back as the same words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'ab/ %$"\'\\;{}\n\tü') })), (words) => {
        const line = renderCommandLine(words);
        expect(line).not.toContain('\n');
        expect(parseCommandLine(line)).toEqual(words);
      }),
    );
  });
});
