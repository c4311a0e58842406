import { Argument, type Command as CommanderCommand } from 'commander';
import type { Command } from './command.ts';
import { addOptions } from './commander-options.ts';
import { formatWord } from './format-flag.ts';
import { renderArgumentTerm, renderExamples, renderSpec } from './render-help.ts';

/** What the command line asked for, still as words. */
export interface Chosen<Tools> {
  readonly command: Command<Tools>;
  /** Program, groups and command, as typed. */
  readonly path: string;
  readonly arguments: readonly string[];
  /** Words of the command's own options and of the global ones, by option name. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Gives commander's command what ours declares.
 * @param globals names of the program's own options
 * @param onChosen told when the command line names this command
 */
export function fillCommand<Tools>(
  leaf: CommanderCommand,
  command: Command<Tools>,
  globals: ReadonlySet<string>,
  onChosen: (chosen: Chosen<Tools>) => void,
): void {
  const takes = Object.entries(command.arguments);
  leaf
    .usage(['[options]', ...takes.map(([name, spec]) => renderArgumentTerm(name, spec))].join(' '))
    // Only shown: commander would refuse `[FROM] TO`; the words are counted in `readValues`.
    .allowExcessArguments()
    .configureHelp({
      showGlobalOptions: true,
      visibleArguments: () =>
        takes.map(([name, spec]) => new Argument(renderArgumentTerm(name, spec), renderSpec(spec))),
      argumentTerm: (argument) => formatWord(argument.name()),
    })
    .addHelpText('after', renderExamples(command.examples));
  addOptions(leaf, command.options, globals);
  if (command.kind === 'planned') leaf.option('--dry-run', 'print the plan and change nothing');
  leaf.action(() => {
    onChosen({
      command,
      path: pathOf(leaf),
      arguments: leaf.args,
      options: leaf.opts(),
      globals: leaf.optsWithGlobals(),
    });
  });
}

function pathOf(command: CommanderCommand): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
