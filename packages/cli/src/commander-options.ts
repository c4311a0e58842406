import { type Command as CommanderCommand, Option } from 'commander';
import { formatFlag } from './format-flag.ts';
import { renderPlaceholder, renderSpec } from './render-help.ts';
import type { Options } from './values.ts';

/** Names of the options that come with every program. */
const COMMON: ReadonlySet<string> = new Set(['help', 'version', 'quiet', 'json', 'dryRun']);

/** The options that every program has, beside `--help` and `--version`. */
export function addCommonOptions(root: CommanderCommand): void {
  root.option('-q, --quiet', 'tell only warnings and errors');
  root.option('--json', 'print the result as JSON');
}

/**
 * Declares options to commander, which only collects their words: `readValues` reads them.
 * @param taken names that are in use already; a clash is a bug of the program
 */
export function addOptions(command: CommanderCommand, options: Options, taken: ReadonlySet<string>): void {
  for (const [name, spec] of Object.entries(options)) {
    // Commander reads `--no-…` as the opposite of `--…`.
    if (COMMON.has(name) || taken.has(name) || /^no[A-Z]/.test(name)) {
      throw new Error(`${command.name()} cannot have an option of its own called ${name}`);
    }
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    const value = spec.type === 'boolean' ? '' : ` <${renderPlaceholder(spec)}>`;
    const option = new Option(`${short}${formatFlag(name)}${value}`, renderSpec(spec));
    if (spec.type !== 'boolean' && spec.repeatable) {
      option.argParser<readonly string[]>((text, before = []) => [...before, text]);
    }
    command.addOption(option);
  }
}
