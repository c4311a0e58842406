import { describe, expect, it } from 'vitest';
import {
  BASE,
  chmod,
  link,
  mkdir,
  mkfile,
  mknod,
  removeXattr,
  rename,
  rmdir,
  unlink,
  write,
  xattr,
} from '../../test/commands.ts';
import { END, encodeCommand, encodeHeader, SNAPSHOT, SUBVOL } from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, parentOf, refusalOf } from '../../test/guarding.ts';
import type { GuardExpectation, SendStreamErrorCode } from '../index.ts';
import { type GuardPolicy, HARMLESS_ONLY } from './policy.ts';

const allowing = (policy: Partial<GuardPolicy>) => ({ policy: { ...HARMLESS_ONLY, ...policy } });
const CAPABILITY = xattr('security.capability', 'f');

/** What becomes of a stream of these commands: `passed`, or the code of its refusal. */
function verdict(
  expected: Partial<GuardExpectation>,
  commands: readonly Uint8Array[],
): SendStreamErrorCode | 'passed' | undefined {
  const incremental = expected.parent !== undefined;
  const stream = Buffer.concat([encodeHeader(), ...(incremental ? [SNAPSHOT] : [SUBVOL, BASE]), ...commands, END]);
  const whole = { ...(incremental ? INCREMENTAL : FULL), ...expected };
  const { error, passed } = refusalOf(whole, [stream.subarray(0, -END.length), stream.subarray(-END.length)]);
  if (error === undefined) return 'passed';
  expect(error).toMatchObject({ exitCode: 5, hint: expect.stringContaining('') });
  // Whatever had passed by then, the end is not among it.
  expect(passed.subarray(-END.length)).not.toEqual(END);
  return (error as { code: SendStreamErrorCode }).code;
}

describe('what the policy lists by its final name', () => {
  it.each([
    ['a set-uid file', { setuid: ['f'] }, [chmod(0o4755n, 'f')]],
    ['a set-gid directory', { setuid: ['a'] }, [chmod(0o2755n, 'a')]],
    ['a device node', { devices: ['dev/null'] }, [mknod('o9-1-0'), mkdir('dev'), rename('o9-1-0', 'dev/null')]],
    ['a file with capabilities', { capabilities: ['f'] }, [CAPABILITY]],
    ['every name of a hard link', { setuid: ['f', 'a/su'] }, [link('a/su', 'f'), chmod(0o4755n, 'f')]],
    ['what a renamed directory took along', { setuid: ['b/g'] }, [chmod(0o4755n, 'a/g'), rename('a', 'b')]],
    ['a name that is not ASCII', { setuid: ['sü'] }, [rename('f', 'sü'), chmod(0o4755n, 'sü')]],
    ['an attribute by its name', { xattrs: ['trusted.label'] }, [xattr('trusted.label', 'f')]],
  ] as const)('may be %s', (_, policy, commands) => {
    expect(verdict(allowing(policy), commands)).toBe('passed');
    expect(verdict({}, commands)).not.toBe('passed');
  });
});

describe('the end is held back', () => {
  it.each([
    ['a set-uid file has another name', 'GUARD_SET_ID_MODE', { setuid: ['g'] }, [chmod(0o4755n, 'f')]],
    [
      'a hard link gave it a name more',
      'GUARD_SET_ID_MODE',
      { setuid: ['f'] },
      [chmod(0o4755n, 'f'), link('a/su', 'f')],
    ],
    ['its directory was renamed', 'GUARD_SET_ID_MODE', { setuid: ['a/g'] }, [chmod(0o4755n, 'a/g'), rename('a', 'b')]],
    ['a device node has another name', 'GUARD_DEVICE_NODE', { devices: ['n'] }, [mknod('o9-1-0')]],
    ['capabilities are elsewhere', 'GUARD_CAPABILITY', { capabilities: ['g'] }, [CAPABILITY]],
    ['the root is set-gid', 'GUARD_SET_ID_MODE', { setuid: ['f'] }, [chmod(0o2755n, '')]],
  ] as const)('when %s', (_, code, policy, commands) => {
    expect(verdict(allowing(policy), commands)).toBe(code);
  });

  it.each([
    ['a later mode took the bit away', { setuid: ['x'] }, [chmod(0o4755n, 'f'), chmod(0o755n, 'f')]],
    [
      'it was removed again',
      { setuid: ['x'], devices: ['x'] },
      [chmod(0o4755n, 'f'), unlink('f'), mknod('n'), unlink('n')],
    ],
    ['the capabilities were removed', { capabilities: ['x'] }, [CAPABILITY, removeXattr('security.capability', 'f')]],
  ] as const)('but not when %s', (_, policy, commands) => {
    expect(verdict(allowing(policy), commands)).toBe('passed');
  });
});

describe('of the parent', () => {
  const parent = parentOf({
    bin: 'directory',
    'bin/su': { kind: 'file', mode: 0o4755 },
    'bin/one': { kind: 'file', mode: 0o4755, id: 9 },
    'bin/two': { kind: 'file', mode: 0o4755, id: 9 },
    'bin/ping': { kind: 'file', mode: 0o755 },
    null: 'character-device',
  });
  const parentPolicy = { ...HARMLESS_ONLY, setuid: ['bin/su'], capabilities: ['bin/ping', 'gone'] };

  it.each([
    ['a set-uid file that is renamed', 'GUARD_SET_ID_MODE', {}, [rename('bin/su', 'su')]],
    ['a set-uid file that gets a second name', 'GUARD_SET_ID_MODE', {}, [link('su', 'bin/su')]],
    ['a set-uid file that is written to', 'GUARD_SET_ID_MODE', {}, [write('bin/su')]],
    ['a device that is renamed', 'GUARD_DEVICE_NODE', {}, [rename('null', 'zero')]],
    ['a set-uid file in a directory that is renamed', 'GUARD_SET_ID_MODE', { parentPolicy }, [rename('bin', 'sbin')]],
    [
      'capabilities in a directory that is renamed',
      'GUARD_CAPABILITY',
      { parentPolicy, ...allowing({ setuid: ['sbin/su'] }) },
      [rename('bin', 'sbin')],
    ],
  ] as const)('%s is judged', (_, code, expected, commands) => {
    expect(verdict({ parent, ...expected }, commands)).toBe(code);
  });

  it.each([
    ['a set-uid file that is listed under its new name', allowing({ setuid: ['su'] }), [rename('bin/su', 'su')]],
    ['a set-uid file that loses the bit', {}, [chmod(0o755n, 'bin/su')]],
    ['a set-uid file that loses the bit by another name', {}, [write('bin/two'), chmod(0o755n, 'bin/one')]],
    ['a set-uid file that is removed', {}, [unlink('bin/su')]],
    ['what the stream does not touch', {}, [rename('bin', 'sbin')]],
    [
      'what lost its capabilities',
      { parentPolicy: { ...parentPolicy, setuid: [] } },
      [rename('bin', 'sbin'), removeXattr('security.capability', 'sbin/ping')],
    ],
    [
      'all that is listed where it ends up',
      { parentPolicy, ...allowing({ setuid: ['sbin/su'], capabilities: ['sbin/ping'] }) },
      [rename('bin', 'sbin')],
    ],
  ] as const)('%s passes', (_, expected, commands) => {
    expect(verdict({ parent, ...expected }, commands)).toBe('passed');
  });
});

describe("against the manifest's numbers", () => {
  it.each([
    ['as many files', 'passed', { maxFiles: 3 }, [mkfile('x'), mkdir('y')]],
    ['one file more', 'GUARD_TOO_MANY_FILES', { maxFiles: 3 }, [mkfile('x'), mkfile('y')]],
    ['as many bytes', 'passed', { maxFileBytes: 5 }, [write('f', 0n, 'xx'), write('f', 1n, 'xx'), write('a/g', 1n)]],
    ['a byte more in one file', 'GUARD_TOO_LARGE', { maxFileBytes: 5 }, [write('f', 5n)]],
    ['a byte more in all files', 'GUARD_TOO_LARGE', { maxFileBytes: 5 }, [write('f', 2n), write('a/g', 2n)]],
  ] as const)('%s: %s', (_, expected, limits, commands) => {
    expect(verdict(limits, commands)).toBe(expected);
  });
});

it('counts no hole, wherever it ends, and room that is reserved', () => {
  const fallocate = (mode: number) => {
    const at = [
      ['path', 'f'],
      ['fallocate_mode', Buffer.of(mode, 0, 0, 0)],
      ['file_offset', 0n],
      ['size', 9n],
    ] as const;
    return Buffer.concat([encodeHeader(2), SUBVOL, BASE, encodeCommand('fallocate', at), END]);
  };
  expect(refusalOf({ ...FULL, maxFileBytes: 5 }, [fallocate(3)]).error).toBeUndefined();
  expect(refusalOf({ ...FULL, maxFileBytes: 5 }, [fallocate(0)]).error).toMatchObject({ code: 'GUARD_TOO_LARGE' });
});

describe('a guard alone', () => {
  const stream = Buffer.concat([encodeHeader(), SUBVOL, BASE, rmdir('l'), END]);

  it('takes any name, UUID and transid, and judges the rest', () => {
    const unknown = { name: undefined, uuid: undefined, transid: undefined };
    expect(refusalOf(unknown, [stream]).error).toMatchObject({ code: 'GUARD_NOT_A_DIRECTORY' });
    const sound = Buffer.concat([encodeHeader(), SUBVOL, BASE, END]);
    expect(refusalOf(unknown, [sound]).error).toBeUndefined();
  });

  it('is never made for an incremental stream without a look at its parent', () => {
    expect(refusalOf.bind(undefined, { ...INCREMENTAL, parent: undefined }, [])).toThrowError('look at its parent');
  });

  it('says where, which command, which path, and what to do', () => {
    const { error } = refusalOf(FULL, [stream]);
    const offset = stream.length - END.length - rmdir('l').length;
    expect(error).toMatchObject({
      message: `send stream, byte ${offset}: rmdir of l: l is a symlink, expected a directory`,
      hint: 'Do not use this stream; tell its publisher.',
    });
  });
});
