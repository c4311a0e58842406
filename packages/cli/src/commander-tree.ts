import { Argument, Command as CommanderCommand, Option } from 'commander';
import type { Command } from './command.ts';
import { formatFlag, formatWord } from './format-flag.ts';
import type { Io } from './io.ts';
import type { CommandGroup, Entry, LazyCommand, Program } from './program.ts';
import type { ArgumentSpec, OptionSpec, Options, ValueSpec } from './values.ts';

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

/** Widest help, in columns: longer lines are hard to read. */
const HELP_WIDTH = 100;

/** The options that every program has, beside `--help` and `--version`. */
const COMMON = { quiet: '-q, --quiet', json: '--json' } as const;
const RESERVED = new Set(['help', 'version', 'dryRun', ...Object.keys(COMMON)]);

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
    .addHelpText('after', examplesText(program.examples));
  addOptions(root, program.globalOptions, new Set());
  root.option(COMMON.quiet, 'tell only warnings and errors');
  root.option(COMMON.json, 'print the result as JSON');
  addEntries(root, program.commands, new Set(Object.keys(program.globalOptions)), onChosen);
  return root;
}

type OnChosen<Tools> = (chosen: Chosen<Tools>) => void;

function addEntries<Tools>(
  parent: CommanderCommand,
  entries: readonly Entry<Tools>[],
  globals: ReadonlySet<string>,
  onChosen: OnChosen<Tools>,
): void {
  const lazy = new Map<string, LazyCommand<Tools>>();
  for (const entry of entries) {
    const command = parent.command(entry.name).summary(entry.summary).description(`${entry.summary}.`);
    if (isGroup(entry)) addEntries(command.usage('<command>').helpCommand(false), entry.commands, globals, onChosen);
    else if ('load' in entry) lazy.set(entry.name, entry);
    else fill(command, entry, globals, onChosen);
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = lazy.get(command.name());
    if (entry !== undefined) fill(command, await loaded(entry), globals, onChosen);
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

function fill<Tools>(
  leaf: CommanderCommand,
  command: Command<Tools>,
  globals: ReadonlySet<string>,
  onChosen: OnChosen<Tools>,
): void {
  const takes = Object.entries(command.arguments);
  leaf
    .usage(['[options]', ...takes.map(([name, spec]) => argumentTerm(name, spec))].join(' '))
    // Only shown: commander would refuse `[FROM] TO`; the words are counted in `readValues`.
    .allowExcessArguments()
    .configureHelp({
      showGlobalOptions: true,
      visibleArguments: () => takes.map(([name, spec]) => new Argument(argumentTerm(name, spec), describe(spec))),
      argumentTerm: (argument) => formatWord(argument.name()),
    })
    .addHelpText('after', examplesText(command.examples));
  addOptions(leaf, command.options, globals);
  if (command.kind === 'planned') leaf.option('--dry-run', 'print the plan and change nothing');
  leaf.action(() => {
    const [options, globals] = [leaf.opts(), leaf.optsWithGlobals()];
    onChosen({ command, path: pathOf(leaf), arguments: leaf.args, options, globals });
  });
}

function pathOf(command: CommanderCommand): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function addOptions(command: CommanderCommand, options: Options, taken: ReadonlySet<string>): void {
  for (const [name, spec] of Object.entries(options)) {
    // Commander reads `--no-…` as the opposite of `--…`.
    if (RESERVED.has(name) || taken.has(name) || /^no[A-Z]/.test(name)) {
      throw new Error(`${command.name()} cannot have an option of its own called ${name}`);
    }
    const value = spec.type === 'boolean' ? '' : ` <${spec.placeholder ?? placeholderOf(spec)}>`;
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    const option = new Option(`${short}${formatFlag(name)}${value}`, describe(spec));
    if (spec.type !== 'boolean' && spec.repeatable) {
      option.argParser<readonly string[]>((text, before = []) => [...before, text]);
    }
    command.addOption(option);
  }
}

function argumentTerm(name: string, { optional, variadic }: ArgumentSpec): string {
  const word = `${formatWord(name)}${variadic ? '...' : ''}`;
  return optional ? `[${word}]` : `<${word}>`;
}

function placeholderOf({ type }: ValueSpec): string {
  return { string: 'text', integer: 'number', size: 'size', choice: 'choice', parsed: 'value' }[type];
}

function describe(spec: OptionSpec | ArgumentSpec): string {
  const remarks = [
    ...('choices' in spec ? [spec.choices.join(' | ')] : []),
    ...('repeatable' in spec && spec.repeatable ? ['repeatable'] : []),
    ...('required' in spec && spec.required ? ['required'] : []),
    ...('default' in spec && spec.default !== undefined ? [`default: ${spec.default}`] : []),
  ];
  return remarks.length === 0 ? spec.summary : `${spec.summary} (${remarks.join('; ')})`;
}

function examplesText(examples: readonly string[]): string {
  return examples.length === 0 ? '' : `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}
