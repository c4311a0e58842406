import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { CliError } from '../error.ts';

/** A configuration file is a page of text, not more. */
const MAX_LENGTH = 64 * 1024;

/**
 * Reads a YAML configuration file by a schema. Aliases are refused, so nothing can expand.
 * @throws CliError `CLI_BAD_CONFIG` that names file, line, column, what was found and what was expected
 */
export function parseConfig<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const complain = (offset: number, problem: string): CliError => {
    const { line, col } = lines.linePos(offset);
    return new CliError('CLI_BAD_CONFIG', `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${problem}`, {
      hint: 'Correct the file and run the command again.',
    });
  };
  if (text.length > MAX_LENGTH) throw complain(0, `is longer than ${MAX_LENGTH} characters`);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw complain(error.pos[0], error.message);

  const result = schema.safeParse(plainValueOf(document, complain));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const node: unknown = document.getIn(path, true);
  const offset = (node as { range?: readonly [number, number, number] } | undefined)?.range?.[0] ?? 0;
  throw complain(offset, `${path.length === 0 ? '' : `${path.join('.')}: `}${issue?.message ?? 'does not fit'}`);
}

function plainValueOf(
  document: ReturnType<typeof parseDocument>,
  complain: (offset: number, problem: string) => CliError,
) {
  try {
    // No alias may be resolved: a document without any has a count of 0.
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (error) {
    throw complain(0, error instanceof Error ? error.message : String(error));
  }
}
