/**
 * Words as a command line of systemd's: systemd.service(5), “Command lines”. Nothing in them is expanded but what is
 * in `specifiers`, whole words such as `%i`.
 */
export function renderCommandLine(words: readonly string[], specifiers: readonly string[] = []): string {
  return words.map((word) => (specifiers.includes(word) ? word : quote(word))).join(' ');
}

/** The words of a command line that {@link renderCommandLine} wrote. */
export function parseCommandLine(line: string): readonly string[] {
  return (line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) =>
    (word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\x([0-9a-f]{2})|\\(.)/g, unquote) : word)
      .replaceAll('$$', '$')
      .replaceAll('%%', '%'),
  );
}

function quote(word: string): string {
  const literal = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%$+=:,./-]+$/.test(literal)) return literal;
  return `"${literal.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\x0a')}"`;
}

function unquote(_: string, code: string | undefined, character: string): string {
  return code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16));
}
