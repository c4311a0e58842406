import type { CommandedHost } from '@goldstream/testing';
import { expect } from 'vitest';
import type { Status } from '../src/status/status.ts';
import type { SystemdTarget } from './systemd-target.ts';

const POOL = '/var/lib/op-dbus';

/** What the MCP server says, over the socket that systemd holds. */
export async function answer({ host }: SystemdTarget<CommandedHost>, path: string): Promise<string> {
  const program = 'import sys, urllib.request as web; print(web.urlopen(sys.argv[1]).read().decode(), end="")';
  return (await host.run(['python3', '-c', program, `http://127.0.0.1:8765${path}`])).stdout;
}

/** Every acknowledged line is in the active deployment, once: a lost one would have been numbered again. */
export async function expectNoLineLost({ host }: SystemdTarget<CommandedHost>): Promise<void> {
  const numbers = async (path: string) => (await host.run(['cat', path])).stdout.split('\n').slice(0, -1).map(Number);
  const acknowledged = await numbers('/srv/acknowledged');
  const lines = await numbers(`${POOL}/current/root/stage-9-ledger/lines`);
  expect(lines).toEqual(lines.map((_, index) => index + 1));
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  expect(acknowledged.at(-1)).toBeLessThanOrEqual(lines.length);
}

/** What `status` says. */
export async function status(target: SystemdTarget<CommandedHost>): Promise<Status> {
  // It prints exactly this document.
  return JSON.parse(await target.do('status', '--json')) as Status;
}
