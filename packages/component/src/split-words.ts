import { ComponentError } from './error.ts';

/** A program and its arguments. */
export type Words = readonly [program: string, ...args: string[]];

/** What a POSIX shell would act on outside quotes, besides blanks, quotes and the backslash. */
const SPECIAL = new Set('$`*?[{~|;&<>()#\r\n');
/** What it would act on inside double quotes. */
const SPECIAL_IN_DOUBLE = new Set('$`');
/** What a backslash escapes inside double quotes; before anything else it is itself (POSIX, 2.2.3). */
const ESCAPED_IN_DOUBLE = new Set('$`"\\');

/**
 * Splits a command line into program and arguments, without a shell.
 *
 * The rule, a part of the shell's own: blanks and tabs separate words; `'…'` keeps everything, `"…"` everything but
 * `\`; a backslash outside quotes makes the next character ordinary; quoted and bare pieces that touch are one word.
 * Whatever a shell would expand or act on is refused instead of being passed on as text, so that a command means here
 * what it means when a person pastes it into a terminal.
 *
 * @throws ComponentError `COMPONENT_NEEDS_SHELL` when it uses more of the shell, `COMPONENT_BAD_COMMAND` when it is
 * empty, holds a NUL or has a quote without an end
 */
export function splitWords(command: string): Words {
  if (command.includes('\0')) throw new ComponentError('COMPONENT_BAD_COMMAND', undefined, 'the command holds a NUL');
  const [leading] = /^[ \t]*(?:!|[A-Za-z_]\w*=)/.exec(command) ?? [];
  if (leading !== undefined) refuse(leading.trim(), 'Set variables and turn answers round in a script.');
  const words: string[] = [];
  let position = 0;
  while (true) {
    while (isBlank(command[position])) position += 1;
    if (position >= command.length) break;
    const { word, end } = readWord(command, position);
    words.push(word);
    position = end;
  }
  const [program, ...args] = words;
  if (program === undefined || program === '') {
    throw new ComponentError('COMPONENT_BAD_COMMAND', undefined, 'the command names no program');
  }
  return [program, ...args];
}

interface Piece {
  readonly word: string;
  /** The position after it. */
  readonly end: number;
}

function readWord(command: string, start: number): Piece {
  let word = '';
  let position = start;
  while (position < command.length && !isBlank(command[position])) {
    const piece = readPiece(command, position);
    word += piece.word;
    position = piece.end;
  }
  return { word, end: position };
}

function readPiece(command: string, at: number): Piece {
  const character = command.charAt(at);
  if (character === "'") return readSingle(command, at + 1);
  if (character === '"') return readDouble(command, at + 1);
  if (character === '\\') return readEscaped(command, at + 1);
  if (SPECIAL.has(character)) refuse(character);
  return { word: character, end: at + 1 };
}

function readSingle(command: string, start: number): Piece {
  const end = command.indexOf("'", start);
  if (end === -1) refuseOpen("'");
  return { word: command.slice(start, end), end: end + 1 };
}

function readDouble(command: string, start: number): Piece {
  let word = '';
  for (let position = start; position < command.length; position += 1) {
    const character = command.charAt(position);
    if (character === '"') return { word, end: position + 1 };
    if (SPECIAL_IN_DOUBLE.has(character)) refuse(character);
    const next = command.charAt(position + 1);
    if (character === '\\' && next === '\n') refuse(next);
    if (character === '\\' && ESCAPED_IN_DOUBLE.has(next)) {
      word += next;
      position += 1;
    } else {
      word += character;
    }
  }
  return refuseOpen('"');
}

function readEscaped(command: string, at: number): Piece {
  if (at >= command.length) {
    throw new ComponentError('COMPONENT_BAD_COMMAND', undefined, 'the command ends with a backslash');
  }
  if (command.charAt(at) === '\n') refuse('\n');
  return { word: command.charAt(at), end: at + 1 };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function refuse(piece: string, hint = 'Put it in single quotes, or put the command into a script.'): never {
  const problem = `the command uses ${JSON.stringify(piece)}, which only a shell would act on, and there is none`;
  throw new ComponentError('COMPONENT_NEEDS_SHELL', undefined, problem, { hint });
}

function refuseOpen(quote: string): never {
  throw new ComponentError('COMPONENT_BAD_COMMAND', undefined, `the command opens ${quote} and never closes it`);
}
