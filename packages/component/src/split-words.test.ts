import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComponentError } from './error.ts';
import { splitWords } from './split-words.ts';

const refusal = (code: string) => expect.objectContaining({ code, category: 'input' });

describe('splitWords', () => {
  it.each([
    ['op-dbus --version', ['op-dbus', '--version']],
    ['  a\t b  ', ['a', 'b']],
    [`echo 'a b' "c d"`, ['echo', 'a b', 'c d']],
    [`echo --name='a b'c"d"`, ['echo', '--name=a bcd']],
    [`echo ''`, ['echo', '']],
    ['echo a\\ b \\$HOME', ['echo', 'a b', '$HOME']],
    [`echo "a \\"b\\" \\$c \\n"`, ['echo', 'a "b" $c \\n']],
    [`echo '$HOME; rm *'`, ['echo', '$HOME; rm *']],
    [`echo "a;b|c*"`, ['echo', 'a;b|c*']],
    ['env A=1 demo', ['env', 'A=1', 'demo']],
    ['test ! -e /x', ['test', '!', '-e', '/x']],
  ])('splits %j as a shell would', (command, words) => {
    expect(splitWords(command)).toEqual(words);
  });

  it.each([
    'echo $HOME',
    'echo `id`',
    'ls *',
    'ls ~',
    'a | b',
    'a; b',
    'a & b',
    'a > b',
    'a < b',
    'a\nb',
    'a (b)',
    'a # b',
    'echo {a,b}',
    'echo "$HOME"',
    'echo "`id`"',
    'echo a\\\nb',
    'A=1 demo',
    '! demo',
  ])('refuses %j, which needs a shell', (command) => {
    expect(() => splitWords(command)).toThrowError(refusal('COMPONENT_NEEDS_SHELL'));
  });

  it.each(['', '  ', "''", "a 'b", 'a "b', 'a \\', 'a\0b'])('refuses %j, which is no command', (command) => {
    expect(() => splitWords(command)).toThrowError(refusal('COMPONENT_BAD_COMMAND'));
  });

  it('gives back every list of words that was quoted', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(word.filter(Boolean), fc.array(word), (program, args) => {
        const quoted = [program, ...args].map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(splitWords(quoted)).toEqual([program, ...args]);
      }),
    );
  });

  it('answers any text with words or a coded error', () => {
    const shellish = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '\n', '=', '#') });
    fc.assert(
      fc.property(fc.oneof(shellish, fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(splitWords(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ComponentError);
        }
      }),
    );
  });
});
