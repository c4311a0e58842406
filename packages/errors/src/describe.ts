import { CodedError, EXIT_CODES } from './coded-error.ts';

/**
 * An error as a person reads it: the chain joined by *because*, then the first hint on the way down.
 * Anything that is not a {@link CodedError} at the top is a bug and shows its stack.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof CodedError)) {
    return `BUG: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
  const lines = chainOf(error).map((link, depth) => (depth === 0 ? '' : '  because ') + describeLink(link));
  const hint = chainOf(error).find((link) => link instanceof CodedError && link.hint !== undefined);
  if (hint instanceof CodedError) lines.push(`  hint: ${hint.hint}`);
  return `${lines.join('\n')}\n`;
}

/** The exit code for whatever was thrown: the coded error's own, else that of a bug. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CodedError ? error.exitCode : EXIT_CODES.bug;
}

/** The error and its causes, outermost first. */
export function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && !chain.includes(link); link = (link as { cause?: unknown }).cause) {
    chain.push(link);
    if (!(link instanceof Error)) break;
  }
  return chain;
}

function describeLink(link: unknown): string {
  if (link instanceof CodedError) return `${link.code}: ${link.message}`;
  return link instanceof Error ? `${link.name}: ${link.message}` : String(link);
}
