import type { SendStreamErrorCode } from '../error.ts';

/**
 * Why a path cannot be used as a command wants to. Never leaves this package: whoever knows the command makes a
 * `SendStreamError` of it.
 */
export class NameProblem extends Error {
  readonly code: SendStreamErrorCode;

  /** @param problem what was found, naming the path that is meant */
  constructor(code: SendStreamErrorCode, problem: string) {
    super(problem);
    this.code = code;
  }
}
