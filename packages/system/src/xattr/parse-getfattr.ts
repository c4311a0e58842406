import { SystemError } from '../error.ts';
import type { PathXattrs } from './xattrs.ts';

const FILE = '# file: ';
/** Name and hex value; getfattr escapes a `=` inside a name, so the first one is the separator. */
const ATTRIBUTE = /^([^=]+)=0x((?:[0-9a-f]{2})*)$/;

/**
 * Reads what `getfattr --dump --encoding=hex` prints, line by line: a `# file: PATH` line, one line per attribute,
 * an empty line.
 * @param lines without their newline, one Latin-1 character per byte
 * @throws SystemError `TOOL_FAILED` when a line is neither
 * @see getfattr(1)
 */
export async function* parseGetfattr(lines: AsyncIterable<string>): AsyncGenerator<PathXattrs> {
  let path: string | undefined;
  let xattrs = new Map<string, string>();
  for await (const line of lines) {
    if (line.startsWith(FILE)) {
      path = unescapeOctal(line.slice(FILE.length));
      xattrs = new Map();
    } else if (line === '') {
      if (path !== undefined) yield { path, xattrs };
      path = undefined;
    } else {
      const [, name, value] = ATTRIBUTE.exec(line) ?? [];
      if (path === undefined || name === undefined || value === undefined) {
        throw new SystemError('TOOL_FAILED', `getfattr printed ${JSON.stringify(line)}, expected NAME=0xHEX`);
      }
      xattrs.set(unescapeOctal(name), value);
    }
  }
  if (path !== undefined) throw new SystemError('TOOL_FAILED', 'getfattr ended in the middle of a file');
}

/** Undoes the `\ooo` with which getfattr writes newline, carriage return, backslash and, in names, `=`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
