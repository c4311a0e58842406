export type { Command } from './command.ts';
export { parseConfig } from './config/parse-config.ts';
export { CliError, type CliErrorCode } from './error.ts';
export { formatBytes } from './format-bytes.ts';
export { formatDuration } from './format-duration.ts';
export type { CommandIo, Io } from './io.ts';
export { parseTimeout, timeoutOption } from './parse-timeout.ts';
export { type PlannedCommand, plannedCommand } from './planned-command.ts';
export {
  type CommandGroup,
  defineProgram,
  type Entry,
  type Globals,
  type LazyCommand,
  type Program,
  type ProgramDeclaration,
} from './program.ts';
export { noProgress, type Progress } from './progress.ts';
export { type Query, query } from './query.ts';
export type { ErrorDocument, ErrorLink } from './render-error-json.ts';
export { renderJson } from './render-json.ts';
export { type Column, renderTable } from './render-table.ts';
export { runMain } from './run-main.ts';
export { runProgram } from './run-program.ts';
export type { ArgumentSpec, Arguments, OptionSpec, Options, ValueSpec, Values } from './values.ts';
