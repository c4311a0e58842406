import type { HealthCheck } from '@goldstream/component';
import { hasOwner, SystemError } from '@goldstream/system';
import { askCommand } from './ask-command.ts';
import { askHttp } from './ask-http.ts';
import { askTcp } from './ask-tcp.ts';
import type { HealthTools } from './health-tools.ts';
import { within } from './within.ts';

/**
 * Puts a check's question once, and waits no longer than `milliseconds`.
 * @returns why the unit is not well, as half a sentence, or undefined
 * @throws the reason of `signal` when that is aborted, and nothing else that the answer could be
 */
export async function ask(
  tools: HealthTools,
  check: HealthCheck,
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const late = `did not answer ${nameOf(check)} within ${milliseconds} ms`;
  return within(
    { clock: tools.clock, milliseconds, signal },
    (limited) => put(tools, check, milliseconds, limited),
    late,
  );
}

async function put(
  { runner }: HealthTools,
  check: HealthCheck,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    switch (check.kind) {
      case 'http':
        return await askHttp(check, signal);
      case 'tcp':
        return await askTcp(check, signal);
      case 'command':
        return await askCommand({ runner, timeoutMs }, check, signal);
      case 'dbus': {
        const isThere = await hasOwner(runner, check.name, { timeoutMs, signal });
        return isThere ? undefined : `does not own ${check.name} on the system bus`;
      }
    }
  } catch (error) {
    if (error instanceof SystemError) return `cannot be asked: ${error.message}`;
    throw error;
  }
}

function nameOf(check: HealthCheck): string {
  switch (check.kind) {
    case 'http':
      return `GET ${check.url}`;
    case 'tcp':
      return `at ${check.host} port ${check.port}`;
    case 'dbus':
      return `for ${check.name}`;
    case 'command':
      return `\`${check.command}\``;
  }
}
