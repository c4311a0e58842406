import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseComponentManifest } from './index.ts';

const HEAD = 'stage: 5\ncomponent: demo\nversion: 1.0.0\ndescription: A demo\n';
const TIMES = {
  timeoutMs: 5_000,
  intervalMs: 2_000,
  startIntervalMs: 250,
  retries: 3,
  startPeriodMs: 30_000,
  stableMs: 5_000,
  deadlineMs: 300_000,
};
const parse = (text: string) => parseComponentManifest(HEAD + text, 'demo/manifest.yaml');
const withFile = (lines: string) => parse(`files:\n  - { path: bin/demo, target: /usr/bin/demo, ${lines} }\n`).files[0];

describe('parseComponentManifest', () => {
  it("reads the manifest of the staging layout's description verbatim", () => {
    const file = new URL('../../../fixtures/component/staging-layout.yaml', import.meta.url);
    expect(parseComponentManifest(readFileSync(file, 'utf8'), 'manifest.yaml')).toMatchObject({
      stage: 1,
      component: 'core-dbus',
      version: '1.0.0',
      description: 'Core D-Bus infrastructure',
      files: [
        { path: 'bin/op-dbus', target: '/usr/local/bin/op-dbus', mode: 0o755, type: 'symlink' },
        { path: 'etc/op-dbus/state.json', target: '/etc/op-dbus/state.json', mode: 0o644, type: 'copy-if-not-exists' },
      ],
      dependencies: [
        { kind: 'text', text: 'D-Bus system bus' },
        { kind: 'text', text: 'Rust toolchain (build time only)' },
      ],
      verify: [
        { words: ['op-dbus', '--version'], expectExit: 0 },
        { words: ['dbus-send', '--system', '--print-reply', ...Array(3).fill(expect.any(String))], expectExit: 0 },
      ],
      cleanup: [{ path: '/etc/op-dbus/state.json' }],
    });
  });

  it.each(['0755', '755', '"0755"', "'755'", '0o755', '00755'])('reads the mode %s as octal', (mode) => {
    expect(withFile(`type: copy, mode: ${mode}`)?.mode).toBe(0o755);
  });

  it('reads four digits with special bits', () => {
    expect(withFile('type: copy, mode: 4755')?.mode).toBe(0o4755);
  });

  it('links a directory unless told to copy what is in it', () => {
    expect(withFile('type: directory')?.copied).toBe(false);
    expect(withFile('type: directory, as: link')?.copied).toBe(false);
    expect(withFile('type: directory, as: copy, owner: www-data')?.copied).toBe(true);
  });

  it.each(['type: copy, as: copy', 'type: directory, as: copy, mode: 0755', 'type: directory, as: tree'])(
    'refuses %s',
    (lines) => {
      expect(() => withFile(lines)).toThrowError(expect.objectContaining({ code: 'COMPONENT_BAD_VALUE' }));
    },
  );

  it('leaves mode and owner open when they are not given', () => {
    expect(withFile('type: symlink')).toMatchObject({ mode: undefined, owner: undefined });
  });

  it('splits an owner into user and group', () => {
    expect(withFile('type: copy, owner: root:adm')?.owner).toEqual({ user: 'root', group: 'adm' });
    expect(withFile('type: copy, owner: 1000')?.owner).toEqual({ user: '1000', group: undefined });
  });

  it('takes one slash at the end of a directory and drops it', () => {
    const { files } = parse('files:\n  - { path: web/, target: /var/www/demo/, type: directory }\n');
    expect(files[0]).toMatchObject({ path: 'web', target: '/var/www/demo' });
  });

  it('keeps a version that looks like a number as it was written', () => {
    const text = HEAD.replace('1.0.0', '1.10');
    expect(parseComponentManifest(text, 'manifest.yaml').version).toBe('1.10');
  });

  it('enables and starts a unit unless told otherwise', () => {
    const { services } = parse(
      'services:\n  - demo.socket\n  - { unit: demo@eth0.service, enable: false, start: false }\n',
    );
    expect(services).toMatchObject([
      { unit: 'demo.socket', enable: true, start: true },
      { unit: 'demo@eth0.service', enable: false, start: false },
    ]);
  });

  describe('health of a unit', () => {
    const healthOf = (lines: string) =>
      parse(`services:\n  - { unit: demo.service, health: { ${lines} } }\n`).services[0]?.health;

    it('has no check and patient times unless told otherwise', () => {
      const { services } = parse('services:\n  - demo.service\n');
      expect(services[0]).toMatchObject({ restart: 'affected', health: { check: undefined, ...TIMES } });
      expect(healthOf('retries: 1, start_period: 0, stable: 0, deadline: 1min')).toEqual({
        ...TIMES,
        check: undefined,
        retries: 1,
        startPeriodMs: 0,
        stableMs: 0,
        deadlineMs: 60_000,
      });
    });

    it.each([
      [
        'http: http://127.0.0.1:8765/health',
        { kind: 'http', url: 'http://127.0.0.1:8765/health', socket: undefined, status: undefined },
      ],
      [
        'http: { url: "http://localhost/up?now=1", socket: /run/demo.sock, status: 204 }',
        { kind: 'http', url: 'http://localhost/up?now=1', socket: '/run/demo.sock', status: 204 },
      ],
      ['tcp: 127.0.0.1:5432', { kind: 'tcp', host: '127.0.0.1', port: 5432 }],
      ['tcp: "[::1]:80"', { kind: 'tcp', host: '::1', port: 80 }],
      ['dbus: org.example.Demo', { kind: 'dbus', name: 'org.example.Demo' }],
      [
        'command: demo --check "all of it"',
        { kind: 'command', command: 'demo --check "all of it"', words: ['demo', '--check', 'all of it'] },
      ],
    ])('reads %s', (lines, check) => {
      expect(healthOf(lines)?.check).toEqual(check);
    });

    it('knows what another version does to a unit', () => {
      const policyOf = (word: string) =>
        parse(`services: [{ unit: a.service, restart: ${word} }]\n`).services[0]?.restart;
      expect(['affected', 'reload', 'never'].map(policyOf)).toEqual(['affected', 'reload', 'never']);
    });
  });

  it('reads dependencies on components and in words', () => {
    const { dependencies } = parse('dependencies:\n  - component: core-dbus\n  - a running bus\n');
    expect(dependencies).toMatchObject([
      { kind: 'component', name: 'core-dbus', at: { line: 6, column: 5 } },
      { kind: 'text', text: 'a running bus', at: { line: 7, column: 5 } },
    ]);
  });

  it.each([
    ['', 30_000],
    ['timeout: 5', 5_000],
    ['timeout: 250ms', 250],
    ['timeout: 2min', 120_000],
  ])('reads a check with %j as %d ms', (line, timeoutMs) => {
    expect(parse(`verify:\n  - command: demo --check\n    ${line}\n`).verify[0]).toMatchObject({ timeoutMs });
  });

  it('reads both forms of cleanup as the same rule', () => {
    const { cleanup } = parse('cleanup:\n  - /etc/a\n  - /etc/b   (if default, remove;\n      if modified, keep)\n');
    expect(cleanup.map(({ path }) => path)).toEqual(['/etc/a', '/etc/b']);
  });

  it('reads persisted folders', () => {
    expect(parse('persist:\n  - { name: db, path: var/db }\n').persist).toMatchObject([{ name: 'db', path: 'var/db' }]);
  });

  it('hints at what to do when a command needs a shell', () => {
    expect(() => parse('verify:\n  - command: demo > out\n')).toThrowError(
      expect.objectContaining({ code: 'COMPONENT_NEEDS_SHELL', hint: expect.stringContaining('single quotes') }),
    );
  });
});
