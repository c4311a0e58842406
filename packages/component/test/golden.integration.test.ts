import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { claims, orderComponents, parseComponentManifest, parseGolden } from '@goldstream/component';
import { type Running, systemRunner } from '@goldstream/system';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const GOLDEN = fileURLToPath(new URL('../../../golden/', import.meta.url));
const STAGE_5 = join(GOLDEN, 'stage-5-mcp-server');

const golden = parseGolden(readFileSync(join(GOLDEN, 'golden.yaml'), 'utf8'), 'golden/golden.yaml');
const folders = golden.sources.flatMap((source) => (source.kind === 'directory' ? [source.path] : []));
const manifests = folders.map((folder) => {
  const text = readFileSync(join(GOLDEN, folder, 'manifest.yaml'), 'utf8');
  return parseComponentManifest(text, `golden/${folder}/manifest.yaml`);
});

describe('the golden recipe', () => {
  it('names every component in the folder, in the order they are deployed', () => {
    const onDisk = readdirSync(GOLDEN, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders).toEqual(onDisk.map((entry) => entry.name).sort());
    const ordered = orderComponents(manifests).map(({ stage, component }) => `stage-${stage}-${component}`);
    expect(ordered).toEqual(folders);
  });

  it('has every file that its manifests name, and no target twice', () => {
    for (const { manifest, entry } of claims(manifests).values()) {
      const folder = `stage-${manifest.stage}-${manifest.component}`;
      expect(readdirSync(join(GOLDEN, folder, entry.path, '..'))).toContain(entry.path.split('/').at(-1));
    }
  });

  it('ships every unit that it enables', () => {
    for (const { files, services } of manifests) {
      const shipped = files.filter(({ type }) => type === 'systemd-unit').map(({ target }) => target.split('/').at(-1));
      for (const { unit } of services) expect(shipped).toContain(unit);
    }
  });

  it('passes its own checks, run by hand from the components', async () => {
    const programs = new Map(
      manifests.flatMap(({ files }, index) =>
        files.map(({ path, target }) => [target, join(GOLDEN, folders[index] ?? '', path)] as const),
      ),
    );
    for (const { words, expectExit } of manifests.flatMap(({ verify }) => verify)) {
      const [program, ...args] = words;
      const { exitCode } = await systemRunner.run([programs.get(`/usr/local/bin/${program}`) ?? program, ...args], {
        accept: [expectExit],
      });
      expect(exitCode).toBe(expectExit);
    }
  });

  it('says that its programs are stand-ins', async () => {
    for (const program of ['stage-1-core-dbus/bin/op-dbus', 'stage-2-introspection-cache/bin/warm-dbus-cache.sh']) {
      expect(await systemRunner.capture([join(GOLDEN, program), '--version'])).toMatch(/ 1\.0\.0 \(stand-in\)\n$/);
    }
    for (const program of ['dbus-mcp', 'mcp-chat']) {
      expect(await systemRunner.capture([join(STAGE_5, 'bin', program), '--help'])).toContain('stand-in');
    }
  });
});

describe('warm-dbus-cache.sh', () => {
  it('says so and ends well where no bus is', async () => {
    const script = join(GOLDEN, 'stage-2-introspection-cache/bin/warm-dbus-cache.sh');
    const env = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    const said = await systemRunner.capture([script, '/nonexistent/cache'], { env });
    expect(said).toBe('no system bus answers: nothing to introspect\n');
  });
});

describe('dbus-mcp', () => {
  let server: Running;
  let lines: AsyncIterator<string>;
  let url: URL;

  beforeEach(async () => {
    const config = join(STAGE_5, 'etc/op-dbus/mcp-config.json');
    const program = join(STAGE_5, 'bin/dbus-mcp');
    server = systemRunner.spawn([program, '--listen', '127.0.0.1:0', '--config', config], { stdout: 'pipe' });
    if (server.stdout === undefined) throw new Error('stdout was asked for');
    lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    url = new URL(String((await lines.next()).value).replace('listening on ', ''));
  });

  afterEach(async () => {
    server.kill('SIGKILL');
    await server.ended.catch(() => {});
  });

  const rpc = async (method: string, params: object = {}) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params });
    return (await fetch(new URL('/mcp', url), { method: 'POST', body })).json();
  };

  it('says that it is well', async () => {
    const response = await fetch(new URL('/health', url));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok', name: 'dbus-mcp', version: '1.0.0', pid: server.pid });
  });

  it('serves its pages and nothing beside them', async () => {
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toBe(readFileSync(join(STAGE_5, 'web/index.html'), 'utf8'));
    for (const path of ['/app.js', '/styles.css']) expect((await fetch(new URL(path, url))).status).toBe(200);
    for (const path of ['/..%2fmanifest.yaml', '/%2e%2e%2fbin/dbus-mcp', '//etc/passwd', '/%00', '/nothing']) {
      expect(await statusOf(url, `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`)).toBe(404);
    }
  });

  it('speaks the protocol', async () => {
    expect(await rpc('initialize')).toMatchObject({ id: 7, result: { serverInfo: { name: 'dbus-mcp' } } });
    expect(await rpc('tools/list')).toMatchObject({ result: { tools: [{ name: 'list_bus_names' }] } });
    expect(await rpc('tools/call', { name: 'list_bus_names' })).toMatchObject({
      result: { content: [{ type: 'text', text: expect.any(String) }], isError: expect.any(Boolean) },
    });
    expect(await rpc('tools/call', { name: 'rm' })).toMatchObject({ error: { code: -32602 } });
    expect(await rpc('nothing')).toMatchObject({ error: { code: -32601 } });
  });

  it('answers what is no request with a protocol error', async () => {
    for (const [body, code] of [
      ['[', -32700],
      ['[]', -32600],
      ['[['.repeat(50_000), -32700],
      ['{"jsonrpc":"2.0","id":1,"method":["a"]}', -32601],
      ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32602],
    ] as const) {
      const response = await fetch(new URL('/mcp', url), { method: 'POST', body });
      expect(await response.json()).toMatchObject({ error: { code } });
    }
  });

  it('keeps foreign pages away from its tools', async () => {
    const call = (headers: string) => statusOf(url, `POST /mcp HTTP/1.1\r\n${headers}\r\nContent-Length: 2\r\n\r\n{}`);
    expect(await call(`Host: ${url.host}`)).toBe(200);
    expect(await call(`Host: evil.example:${url.port}`)).toBe(403);
    expect(await call(`Host: ${url.host}\r\nOrigin: http://evil.example`)).toBe(403);
  });

  it('is what mcp-chat talks to', async () => {
    const chat = join(STAGE_5, 'bin/mcp-chat');
    const said = await systemRunner.capture([chat, '--url', new URL('/mcp', url).href, 'tools']);
    expect(said).toMatch(/^list_bus_names: /);
  });

  it('finishes a running request when asked to stop, takes no new one, and ends with 0', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const slow = await connected(url);
    // The server says "continue" once it is inside the request; then it waits for the body.
    slow.write(
      `POST /mcp HTTP/1.1\r\nHost: ${url.host}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    expect(String((await once(slow, 'data'))[0])).toContain('100 Continue');

    server.kill('SIGTERM');
    expect((await lines.next()).value).toContain('running requests are finished first');
    await expect(connected(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    slow.write(body);
    expect(await allOf(slow)).toContain('"result": {}');
    await server.ended;
  });

  it('does not wait long for a connection that says nothing', async () => {
    const silent = await connected(url);
    // Answered after the silent one was accepted: the server takes connections in order.
    await fetch(new URL('/health', url));
    server.kill('SIGTERM');
    await server.ended;
    expect(await allOf(silent)).toBe('');
  });
});

async function connected(url: URL): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  return socket;
}

async function allOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The status of a request written by hand, for what `fetch` would tidy up. */
async function statusOf(url: URL, request: string): Promise<number> {
  const socket = await connected(url);
  socket.write(request);
  return Number((await allOf(socket)).split(' ')[1]);
}
