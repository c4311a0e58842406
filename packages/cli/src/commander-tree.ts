import { Command as CommanderCommand } from 'commander';
import type { Command } from './command.ts';
import { type Chosen, fillCommand } from './commander-command.ts';
import { addCommonOptions, addOptions } from './commander-options.ts';
import type { Io } from './io.ts';
import type { CommandGroup, Entry, LazyCommand, Program } from './program.ts';
import { renderExamples } from './render-help.ts';

/** Widest help, in columns: longer lines are hard to read. */
const HELP_WIDTH = 100;

/**
 * The program as commander knows it. Modules of commands are loaded when commander enters them, so the help of a
 * program or a group loads none.
 * @param onChosen told the one command that the line names
 */
export function commanderTree<Tools>(
  program: Program<Tools>,
  io: Pick<Io, 'out' | 'err' | 'columns'>,
  onChosen: (chosen: Chosen<Tools>) => void,
): CommanderCommand {
  const root = new CommanderCommand(program.name)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(io.columns ?? HELP_WIDTH, HELP_WIDTH),
      getErrHelpWidth: () => Math.min(io.columns ?? HELP_WIDTH, HELP_WIDTH),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .description(`${program.summary}.`)
    .version(program.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .usage('[options] <command>')
    .addHelpText('after', renderExamples(program.examples));
  addOptions(root, program.globalOptions, new Set());
  addCommonOptions(root);
  const globals = new Set(Object.keys(program.globalOptions));
  addEntries(root, program.commands, (leaf, command) => fillCommand(leaf, command, globals, onChosen));
  return root;
}

type Fill<Tools> = (leaf: CommanderCommand, command: Command<Tools>) => void;

function addEntries<Tools>(parent: CommanderCommand, entries: readonly Entry<Tools>[], fill: Fill<Tools>): void {
  const lazy = new Map<string, LazyCommand<Tools>>();
  for (const entry of entries) {
    const command = parent.command(entry.name).summary(entry.summary).description(`${entry.summary}.`);
    if (isGroup(entry)) addEntries(command.usage('<command>').helpCommand(false), entry.commands, fill);
    else if ('load' in entry) lazy.set(entry.name, entry);
    else fill(command, entry);
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = lazy.get(command.name());
    if (entry !== undefined) fill(command, await loaded(entry));
  });
}

function isGroup<Tools>(entry: Entry<Tools>): entry is CommandGroup<Tools> {
  return 'commands' in entry;
}

async function loaded<Tools>(entry: LazyCommand<Tools>): Promise<Command<Tools>> {
  const command = await entry.load();
  if (command.name !== entry.name || command.summary !== entry.summary) {
    throw new Error(
      `${entry.name} is listed as "${entry.summary}", its module says ${command.name}: "${command.summary}"`,
    );
  }
  return command;
}
