import type { Command } from '../command.ts';
import { displayPath } from '../display-path.ts';
import { SendStreamError, type SendStreamErrorCode } from '../error.ts';
import { NameProblem } from '../namespace/name-problem.ts';

/** The error that refuses a command: names offset, command and path. */
export function refusal(command: Command, code: SendStreamErrorCode, problem: string, hint?: string): SendStreamError {
  const path = 'path' in command && command.path.length > 0 ? ` of ${displayPath(command.path)}` : '';
  return new SendStreamError(code, command.offset, `${command.kind}${path}: ${problem}`, { hint: hint ?? HINT });
}

/** What a check of a command threw, as an error that leaves this package. */
export function asRefusal(command: Command, thrown: unknown): unknown {
  return thrown instanceof NameProblem ? refusal(command, thrown.code, thrown.message) : thrown;
}

const HINT = 'Do not use this stream; tell its publisher.';
