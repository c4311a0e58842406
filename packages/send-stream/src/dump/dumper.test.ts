import { describe, expect, it } from 'vitest';
import { readAll } from '../../test/chunking.ts';
import { END, encodeCommand, encodeHeader, fullStream } from '../../test/encode-stream.ts';
import { ALL_RECORDED, recorded, recordedDumpText } from '../../test/recorded.ts';
import { Dumper, type DumpStyle } from '../index.ts';

const dump = (stream: Uint8Array, style?: DumpStyle) => {
  const dumper = new Dumper(style);
  return Buffer.concat(readAll([stream]).map((command) => dumper.push(command))).toString('latin1');
};
const linesOf = (...commands: readonly Uint8Array[]) =>
  dump(fullStream(...commands))
    .split('\n')
    .slice(1, -1);
const utimes = (...seconds: readonly bigint[]) => {
  const times = seconds.map((second) => {
    const bytes = Buffer.alloc(12);
    bytes.writeBigInt64LE(second);
    return bytes;
  });
  const [atime = '', mtime = '', ctime = ''] = times;
  return encodeCommand('utimes', [
    ['path', 'f'],
    ['atime', atime],
    ['mtime', mtime],
    ['ctime', ctime],
  ]);
};

describe('Dumper', () => {
  it.each(ALL_RECORDED)('prints of %s what btrfs receive --dump printed', (name) => {
    expect(dump(recorded(name))).toBe(recordedDumpText(name));
  });

  it('puts fields into column 49, or one space behind a long path', () => {
    const chmod = (path: string) =>
      encodeCommand('chmod', [
        ['path', path],
        ['mode', 0o755n],
      ]);
    expect(linesOf(chmod('a'), chmod('x'.repeat(26)), chmod('x'.repeat(27)), chmod('x'.repeat(40)))).toEqual([
      `chmod           ./v1/a                          mode=755`,
      `chmod           ./v1/${'x'.repeat(26)} mode=755`,
      `chmod           ./v1/${'x'.repeat(27)} mode=755`,
      `chmod           ./v1/${'x'.repeat(40)} mode=755`,
    ]);
  });

  it('prints times of any year', () => {
    expect(linesOf(utimes(0n, -1n, 951_782_400n), utimes(4_107_542_399n, 253_402_300_800n, -62_135_596_801n))).toEqual([
      'utimes          ./v1/f                          atime=1970-01-01T00:00:00+0000 mtime=1969-12-31T23:59:59+0000 ctime=2000-02-29T00:00:00+0000',
      'utimes          ./v1/f                          atime=2100-02-28T23:59:59+0000 mtime=10000-01-01T00:00:00+0000 ctime=0-12-31T23:59:59+0000',
    ]);
  });

  it('lets nothing raw through in the escaped style', () => {
    const attack = encodeCommand('set_xattr', [
      ['path', 'f'],
      ['xattr_name', 'user.\x1b[31m'],
      ['xattr_data', 'two words\n\0'],
    ]);
    expect(dump(fullStream(attack), 'escaped')).toContain('name=user.\\e[31m two\\ words\\n\\000 len=11\n');
    expect(dump(fullStream(attack))).toContain('name=user.\x1b[31m data=two words\n len=11\n');
  });

  it('prints nothing for what the protocol does not know', () => {
    const stream = Buffer.concat([encodeHeader(), encodeCommand(77, [['path', 'f']]), END]);
    expect(dump(stream)).toBe('');
  });
});
