import { type Command, type Runner, SystemError } from '@goldstream/system';
import { ActionError } from './error.ts';

/** What of the environment the same program needs again. */
const NEEDED = /^(INPUT_|GITHUB_|RUNNER_|ACTIONS_|(SOURCE_DATE_EPOCH|CI|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$)/;

/**
 * The command that runs a program of ours again as root, which Btrfs needs and a hosted runner is not. Of the
 * environment it names what is kept: values, secrets among them, are never arguments.
 *
 * @param program absolute path of the program's file
 */
export function commandAsRoot(environment: Readonly<Record<string, string | undefined>>, program: string): Command {
  const names = Object.keys(environment).filter((name) => NEEDED.test(name));
  return ['sudo', '--non-interactive', `--preserve-env=${names.join(',')}`, process.execPath, program];
}

/**
 * Runs it; what it says is what we say, also of its failure.
 * @returns whether it ended well @throws ActionError `ACTION_NOT_ROOT`
 */
export async function runAsRoot(runner: Runner, command: Command): Promise<boolean> {
  try {
    await runner.spawn(command, { stdin: 'ignore', stdout: 1 }).ended;
    return true;
  } catch (cause) {
    if (!(cause instanceof SystemError)) throw cause;
    if (cause.code === 'TOOL_FAILED' && !/^sudo: /m.test(cause.message)) return false;
    throw new ActionError('ACTION_NOT_ROOT', 'this runner is not root, and sudo cannot be used', {
      cause,
      hint: 'Run the job as root, or let its user use sudo without a password.',
    });
  }
}
