import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import type { HealthCheck, HealthRule } from '@goldstream/component';
import { type Runner, systemRunner } from '@goldstream/system';
import { withTemporaryDirectory } from '@goldstream/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicClock } from '../src/health/clock.ts';
import { demandHealth } from '../src/health/demand-health.ts';
import type { HealthTools } from '../src/health/health-tools.ts';
import type { Health } from '../src/health/judge-health.ts';
import { watchHealth } from '../src/health/watch-health.ts';

/** Real programs, but for systemd: to it the unit is active, whatever this process serves in its place. */
const ACTIVE =
  'LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nType=notify\nNRestarts=0\n' +
  'TriggeredBy=\nConditionResult=yes\nConditionTimestampMonotonic=1\n';
const runner: Runner = {
  ...systemRunner,
  capture: async (command, options) => (command[0] === 'systemctl' ? ACTIVE : systemRunner.capture(command, options)),
};
const tools: HealthTools = { runner, clock: monotonicClock };

/** Looks follow each other at once; only what really hangs takes the timeout's time. */
const QUICK: HealthRule = {
  check: undefined,
  timeoutMs: 30_000,
  intervalMs: 1,
  startIntervalMs: 1,
  retries: 3,
  startPeriodMs: 60_000,
  stableMs: 0,
  deadlineMs: 120_000,
};
const patient = (check: HealthCheck, rule: Partial<HealthRule> = {}) => ({
  unit: 'web.service',
  health: { ...QUICK, check, ...rule },
});
const forever = new AbortController().signal;

const open: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await close(server);
});

async function serve(listener: RequestListener, at: number | string = 0): Promise<Server> {
  const server = createServer(listener);
  open.push(server);
  server.listen(typeof at === 'string' ? { path: at } : { port: at, host: '127.0.0.1' });
  await once(server, 'listening');
  return server;
}

async function close(server: Server | TcpServer): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  if (server.listening) await new Promise((closed) => server.close(closed));
}

/** The port of a server that listens on one. */
function portOf(server: Server | TcpServer): number {
  return (server.address() as AddressInfo).port;
}

const http = (port: number, rest: { socket?: string; status?: number } = {}): HealthCheck => ({
  kind: 'http',
  url: `http://127.0.0.1:${port}/health`,
  socket: rest.socket,
  status: rest.status,
});

/** A port on which nobody listens: one that was just given back. */
async function freePort(): Promise<number> {
  const server = await serve(() => {});
  const port = portOf(server);
  await close(server);
  return port;
}

describe('a service asked over HTTP', () => {
  it('is healthy when it answers', async () => {
    const server = await serve((_, response) => response.end('ok'));
    await demandHealth(tools, [patient(http(portOf(server)))], { demand: 'stable', signal: forever });
  });

  it('may come up late, within its start period', async () => {
    const port = await freePort();
    const seen: Health[] = [];
    for await (const health of watchHealth(tools, patient(http(port)), forever)) {
      seen.push(health);
      if (seen.length === 5) await serve((_, response) => response.end('ok'), port);
      if (health.kind !== 'starting') break;
    }
    expect(seen.length).toBeGreaterThan(5);
    expect(seen[4]).toMatchObject({ kind: 'starting', because: expect.stringContaining('ECONNREFUSED') });
    expect(seen.at(-1)).toMatchObject({ kind: 'healthy', stable: true });
  });

  it('is unhealthy when it answers with an error too often, and says which', async () => {
    let asked = 0;
    const server = await serve((_, response) => {
      asked += 1;
      response.writeHead(500).end();
    });
    const demand = demandHealth(tools, [patient(http(portOf(server)), { startPeriodMs: 0 })], {
      demand: 'healthy',
      signal: forever,
    });
    await expect(demand).rejects.toMatchObject({
      code: 'DEPLOY_UNHEALTHY',
      message: expect.stringMatching(/^web\.service answers GET \S+ with 500, expected 2xx \(3 times in a row\)$/),
      hint: 'Look at: journalctl -u web.service',
    });
    expect(asked).toBe(3);
  });

  it('is asked for exactly the status that its manifest names; a redirect is one, too', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const ask = (status?: number) =>
      demandHealth(
        tools,
        [patient(http(portOf(server), status === undefined ? {} : { status }), { retries: 1, startPeriodMs: 0 })],
        {
          demand: 'healthy',
          signal: forever,
        },
      );
    await ask(302);
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('with 302, expected 2xx') });
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => {}],
    ['stops in the middle of its answer', (_, response) => response.writeHead(200).write('half')],
  ])('holds nobody up when it %s', async (_, listener) => {
    const server = await serve(listener);
    const rule = { timeoutMs: 50, retries: 2, startPeriodMs: 0 };
    await expect(
      demandHealth(tools, [patient(http(portOf(server)), rule)], { demand: 'healthy', signal: forever }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/did not answer GET \S+ within 50 ms \(2 times in a row\)$/),
    });
  });

  it('is unhealthy when it answers and then stops within the stable time', async () => {
    const server = await serve((_, response) => response.end('ok'));
    const seen: Health[] = [];
    // Longer than this test may ever take: it is not time that ends it.
    const rule = { stableMs: 60_000, deadlineMs: 300_000 };
    for await (const health of watchHealth(tools, patient(http(portOf(server)), rule), forever)) {
      seen.push(health);
      if (seen.length === 3) await close(server);
    }
    expect(seen.slice(0, 3).map(({ kind }) => kind)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(seen.at(-1)).toMatchObject({ kind: 'unhealthy', because: expect.stringContaining('3 times in a row') });
    expect(seen).toHaveLength(6);
  });

  it('is asked on a unix socket, with the name of its URL', async () => {
    await withTemporaryDirectory(async (directory) => {
      const socket = join(directory, 'web.sock');
      const names: unknown[] = [];
      await serve((request, response) => {
        names.push(request.headers.host, request.url);
        response.end('ok');
      }, socket);
      const check: HealthCheck = { kind: 'http', url: 'http://localhost/up?deep=1', socket, status: undefined };
      await demandHealth(tools, [patient(check)], { demand: 'healthy', signal: forever });
      expect(names).toEqual(['localhost', '/up?deep=1']);
    });
  });
});

describe('a service asked for a connection', () => {
  it('is healthy when it accepts one, and not when nobody listens', async () => {
    const server = createTcpServer((socket) => socket.end());
    open.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const check: HealthCheck = { kind: 'tcp', host: '127.0.0.1', port };
    const ask = () =>
      demandHealth(tools, [patient(check, { retries: 1, startPeriodMs: 0 })], { demand: 'healthy', signal: forever });
    await ask();
    await close(server);
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('a service asked by a command', () => {
  const command = (...words: [string, ...string[]]): HealthCheck => ({
    kind: 'command',
    command: words.join(' '),
    words,
  });
  const ask = (check: HealthCheck, timeoutMs = 30_000) =>
    demandHealth(tools, [patient(check, { timeoutMs, retries: 1, startPeriodMs: 0 })], {
      demand: 'healthy',
      signal: forever,
    });

  it('is healthy when that ends with 0', async () => {
    await ask(command('true'));
  });

  it('is unhealthy when that ends otherwise, and tells what it said last', async () => {
    await expect(ask(command('sh', '-c', 'echo first >&2; echo no answer >&2; exit 3'))).rejects.toMatchObject({
      message:
        'web.service does not pass `sh -c echo first >&2; echo no answer >&2; exit 3`, which ended with 3: no answer',
    });
  });

  it('is unhealthy when there is no such command', async () => {
    await expect(ask(command('/nonexistent/check'))).rejects.toMatchObject({ code: 'DEPLOY_UNHEALTHY' });
  });

  it('holds nobody up who stops waiting, and nothing that it started stays behind', async () => {
    await withTemporaryDirectory(async (directory) => {
      const controller = new AbortController();
      const pid = join(directory, 'pid');
      const endless = command('sh', '-c', 'sleep infinity & echo $! > "$1.new"; mv "$1.new" "$1"; wait', 'sh', pid);
      const waiting = demandHealth(tools, [patient(endless)], { demand: 'healthy', signal: controller.signal });
      const stopped = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
      while (!existsSync(pid)) await monotonicClock.sleep(10, forever);
      controller.abort();
      await stopped;
      await gone(Number(await readFile(pid, 'utf8')));
    });
  });

  it('is not waited for longer than its timeout', async () => {
    await expect(ask(command('sleep', 'infinity'), 50)).rejects.toMatchObject({
      message: 'web.service did not answer `sleep infinity` within 50 ms',
    });
  });
});

describe('whoever waits for health', () => {
  it('can stop waiting at any time, for a reason', async () => {
    const server = await serve(() => controller.abort(reason));
    const controller = new AbortController();
    const reason = new Error('the operator has had enough');
    const waiting = demandHealth(tools, [patient(http(portOf(server)))], {
      demand: 'stable',
      signal: controller.signal,
    });
    await expect(waiting).rejects.toBe(reason);
  });

  it('hears of the first unit that is unhealthy, while another one is still waited for', async () => {
    const silent = await serve(() => {});
    const broken = await serve((_, response) => response.writeHead(503).end());
    const waiting = demandHealth(
      tools,
      [
        { ...patient(http(portOf(silent))), unit: 'silent.service' },
        { ...patient(http(portOf(broken)), { startPeriodMs: 0 }), unit: 'broken.service' },
      ],
      { demand: 'healthy', signal: forever },
    );
    await expect(waiting).rejects.toMatchObject({ message: expect.stringMatching(/^broken\.service .* 503/) });
  });
});

/** Resolves when a process is no more, or is a zombie; a test that waits for ever fails by its own limit. */
async function gone(pid: number): Promise<void> {
  while (true) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined || / Z /.test(stat)) return;
    await monotonicClock.sleep(10, forever);
  }
}
