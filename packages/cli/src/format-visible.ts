/**
 * Text from outside (file names, what other programs said) without power over a terminal: control characters other
 * than newline and tab are written as `\x1b`. Unicode's control characters are C0, DEL and C1 (ECMA-48).
 */
export function formatVisible(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, (control) => `\\x${hexOf(control)}`);
}

/** The same for one line: a newline has no power either. */
export function formatVisibleLine(line: string): string {
  return formatVisible(line.replaceAll('\n', '\\n'));
}

function hexOf(control: string): string {
  return (control.codePointAt(0) ?? 0).toString(16).padStart(2, '0');
}
