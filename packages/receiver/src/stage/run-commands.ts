import type { VerifyEntry } from '@goldstream/component';
import { CodedError } from '@goldstream/errors';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';

/** Where commands of manifests are looked for, as in a login shell of root. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs the commands by which a component says whether it works, each until it ends or its time is over.
 * @throws ReceiverError `STAGE_VERIFY_FAILED` with the first that did not do as expected
 */
export async function runCommands(
  tools: Pick<Tools, 'runner'>,
  stage: string,
  commands: readonly VerifyEntry[],
): Promise<void> {
  for (const entry of commands) {
    const problem = await problemOf(tools, entry);
    if (problem === undefined) continue;
    throw new ReceiverError('STAGE_VERIFY_FAILED', `${stage} does not work: ${problem}`, {
      hint: `Run it yourself: ${entry.command}`,
    });
  }
}

/** What is wrong with the outcome of a command; undefined: it did as expected. */
export async function problemOf(
  { runner }: Pick<Tools, 'runner'>,
  { command, words, expectExit, timeoutMs }: VerifyEntry,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { exitCode, stderr } = await runner.run(words, { env: { PATH }, accept: EVERY_EXIT_CODE, signal });
    if (exitCode === expectExit) return undefined;
    const [first = ''] = stderr.trim().split('\n');
    return `“${command}” ended with ${exitCode}, expected ${expectExit}${first === '' ? '' : `: ${first}`}`;
  } catch (error) {
    if (signal.aborted) return `“${command}” did not end within ${timeoutMs / 1000} s`;
    if (error instanceof CodedError) return `“${command}” cannot be run: ${error.message}`;
    throw error;
  }
}

const EVERY_EXIT_CODE = [...Array(256).keys()];
