import { describe, expect, it } from 'vitest';
import { parseGolden } from './index.ts';

const parse = (text: string) => parseGolden(text, 'golden/golden.yaml');
const withSource = (source: string) => parse(`application: demo\nsources:\n  - ${source}\n`).sources[0];

describe('parseGolden', () => {
  it('fills in the release settings that are not given', () => {
    expect(parse('application: demo\nsources: [{ directory: app }]\n').release).toEqual({
      partSize: 2_040_109_465,
      level: 9,
      parents: 3,
      budget: undefined,
      keys: [],
      store: undefined,
    });
  });

  it('reads every release setting', () => {
    const text = `application: demo
sources: [{ directory: app }]
partSize: 100MB
level: 19
parents: 0
budget: 1.5GiB
key: Release <release@example.org>
store: dir:/srv/releases
`;
    expect(parse(text).release).toEqual({
      partSize: 100_000_000,
      level: 19,
      parents: 0,
      budget: 1_610_612_736,
      keys: ['Release <release@example.org>'],
      store: 'dir:/srv/releases',
    });
  });

  it('asks hosts for nothing unless the recipe says so', () => {
    expect(parse('application: demo\nsources: [{ directory: app }]\n').policy).toEqual({
      setuid: [],
      capabilities: [],
      devices: [],
      xattrs: [],
    });
  });

  it('reads what hosts are asked to allow', () => {
    const policy = '{ setuid: [app/bin/su], capabilities: [app/ping], devices: [dev/null], xattrs: [trusted.app] }';
    expect(parse(`application: demo\nsources: [{ directory: app }]\npolicy: ${policy}\n`).policy).toEqual({
      setuid: ['app/bin/su'],
      capabilities: ['app/ping'],
      devices: ['dev/null'],
      xattrs: ['trusted.app'],
    });
  });

  it.each([
    ['a path that leads out', '{ setuid: [../su] }', 'COMPONENT_PATH_ESCAPES'],
    ['file capabilities for every path', '{ xattrs: [security.capability] }', 'COMPONENT_BAD_VALUE'],
    ['an attribute without a namespace', '{ xattrs: [app] }', 'COMPONENT_BAD_VALUE'],
    ['a key that there is not', '{ suid: [app/su] }', 'COMPONENT_UNKNOWN_KEY'],
  ])('refuses a policy with %s', (_, policy, code) => {
    expect(() => parse(`application: demo\nsources: [{ directory: app }]\npolicy: ${policy}\n`)).toThrowError(
      expect.objectContaining({ code }),
    );
  });

  it('puts a directory under its last name, with attributes as git has them', () => {
    expect(withSource('directory: apps/web/')).toEqual({
      kind: 'directory',
      path: 'apps/web',
      into: 'web',
      attributes: 'normal',
      at: { file: 'golden/golden.yaml', line: 3, column: 5 },
    });
  });

  it('unpacks an archive at the top unless told otherwise', () => {
    expect(withSource('{ archive: root.tar.zst, strip: 1, attributes: preserve }')).toMatchObject({
      kind: 'archive',
      path: 'root.tar.zst',
      compression: 'zstd',
      strip: 1,
      into: '.',
      attributes: 'preserve',
    });
    expect(withSource('{ archive: root.tar.gz, into: opt }')).toMatchObject({
      compression: 'gzip',
      strip: 0,
      into: 'opt',
    });
  });

  it('splits a build command given as a line and takes one given as a list as it stands', () => {
    const build = (command: string) => withSource(`build: { command: ${command}, output: out/app }`);
    expect(build('cargo build --release')).toMatchObject({ kind: 'build', in: '.', output: 'out/app', into: 'app' });
    expect(build('cargo build --release')).toMatchObject({ command: ['cargo', 'build', '--release'] });
    expect(build('[sh, -c, "make && make install"]')).toMatchObject({ command: ['sh', '-c', 'make && make install'] });
  });

  it('knows the line of every source', () => {
    const { sources } = parse('application: demo\nsources:\n  - directory: a\n\n  # why\n  - directory: b\n');
    expect(sources.map(({ at }) => at.line)).toEqual([3, 6]);
  });

  it('names the key that was probably meant', () => {
    expect(() => parse('application: demo\nsources: [{ directory: app }]\npart_size: 1GiB\n')).toThrowError(
      'golden/golden.yaml:3:1: unknown key "part_size", did you mean partSize?',
    );
  });

  it('says what was found and what was expected', () => {
    expect(() => parse('application: demo\nsources: app\n')).toThrowError(
      'golden/golden.yaml:2:10: sources: expected a list, found "app"',
    );
    expect(() => parse('sources: [{ directory: app }]\n')).toThrowError('application is missing, expected a name of');
  });

  it('takes text with a byte order mark and Windows line ends', () => {
    expect(parse('\uFEFFapplication: demo\r\nsources:\r\n  - directory: app\r\n')).toMatchObject({
      application: 'demo',
    });
  });
});
