import type { Command, CommandDeclaration } from './command.ts';
import { readValues } from './read-values.ts';
import { renderJson } from './render-json.ts';
import type { Arguments, Options, Values } from './values.ts';

/** A command that only looks. */
export interface Query<A extends Arguments, O extends Options, Tools, T> extends CommandDeclaration<A, O> {
  /** Looks and answers with plain data: what `--json` prints. */
  readonly answer: (values: Values<A, O>, tools: Tools) => Promise<T>;
  /** The answer as text that ends with a newline. Pure. */
  readonly render: (answer: T) => string;
  /** For answers that are a verdict. Default: 0. */
  readonly exitCode?: (answer: T) => number;
}

/**
 * Makes a command of a question: the answer goes to stdout, as text or with `--json` as it is.
 *
 * @example
 * export const list = query({
 *   name: 'list',
 *   summary: 'List versions',
 *   examples: ['goldstream-receiver list --json'],
 *   answer: async (_, { store }: Tools) => store.versions(),
 *   render: (versions) => renderTable(versions, [{ title: 'VERSION', cell: ({ name }) => name }]),
 * });
 */
export function query<
  Tools,
  T,
  const A extends Arguments = Record<never, never>,
  const O extends Options = Record<never, never>,
>({
  name,
  summary,
  examples,
  arguments: takes,
  options,
  answer: find,
  render,
  exitCode = () => 0,
}: Query<A, O, Tools, T>): Command<Tools> {
  return {
    kind: 'query',
    name,
    summary,
    examples,
    arguments: takes ?? {},
    options: options ?? {},
    prepare: (words) => {
      // The values were read by exactly these declarations.
      const values = readValues(takes ?? {}, options ?? {}, words) as Values<A, O>;
      return async (tools, { out, json }) => {
        const answer = await find(values, tools);
        out(json ? renderJson(answer) : render(answer));
        return exitCode(answer);
      };
    },
  };
}
