import type { HealthCheck } from '@goldstream/component';
import type { Runner } from '@goldstream/system';

/** Exit codes of timeout(1) itself: the time was over, and the command had to be killed for it. */
const LATE = new Set([124, 137]);
const EVERY_EXIT_CODE = [...Array(256).keys()];

/**
 * Runs a command to its end. timeout(1) gives it a process group of its own and ends all of that, also what the command
 * has started and left behind; two seconds later by force.
 * @returns why it is not well, or undefined
 */
export async function askCommand(
  { runner, timeoutMs }: { readonly runner: Runner; readonly timeoutMs: number },
  { command, words }: Extract<HealthCheck, { kind: 'command' }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limit = `${timeoutMs / 1000}s`;
  const ended = await runner.run(['timeout', '--kill-after=2s', limit, ...words], { accept: EVERY_EXIT_CODE, signal });
  if (ended.exitCode === 0) return undefined;
  if (LATE.has(ended.exitCode)) return `did not answer \`${command}\` within ${timeoutMs} ms`;
  const said = ended.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return `does not pass \`${command}\`, which ended with ${ended.exitCode}${said === '' ? '' : `: ${said}`}`;
}
