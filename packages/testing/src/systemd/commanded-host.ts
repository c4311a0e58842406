import type { Ended, RunOptions } from '@goldstream/system';

/** What every kind of host can be told about a command; `accept`, `input` and `env` are those of the runner. */
export type CommandOptions = Pick<RunOptions, 'accept' | 'env' | 'input'>;

/** A host of a test, be it a container or a machine, that commands can be run on as root. */
export interface CommandedHost {
  /** @throws SystemError `TOOL_FAILED` when it ended with what is not accepted */
  run(command: readonly string[], options?: CommandOptions): Promise<Ended>;
}
