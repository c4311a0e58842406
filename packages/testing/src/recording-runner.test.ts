import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { recordingRunner } from './recording-runner.ts';

describe('the recording runner', () => {
  it('answers with the longest beginning that fits and records every command', async () => {
    const runner = recordingRunner({
      btrfs: 'anything',
      'btrfs --version': 'btrfs-progs v6.2\n',
      'btrfs send': ([, , path]) => `stream of ${path}`,
    });

    expect(await runner.capture(['btrfs', '--version'])).toBe('btrfs-progs v6.2\n');
    expect(await runner.capture(['btrfs', 'send', '/a'])).toBe('stream of /a');
    expect(await runner.capture(['btrfs', 'sendx'])).toBe('anything');
    expect(runner.lines).toEqual(['btrfs --version', 'btrfs send /a', 'btrfs sendx']);
  });

  it('fails like the real one unless the exit code is accepted', async () => {
    const runner = recordingRunner({ umount: { exitCode: 32, stderr: 'target is busy\n' } });

    await expect(runner.capture(['umount', '/a'])).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await runner.run(['umount', '/a'], { accept: [32] })).toMatchObject({ exitCode: 32, stdout: '' });
  });

  it('refuses a command it has no answer for', async () => {
    const runner = recordingRunner();
    await expect(runner.capture(['rm', '-rf', '/'])).rejects.toMatchObject({ code: 'TESTING_UNEXPECTED_COMMAND' });
    await expect(runner.spawn(['rm']).ended).rejects.toMatchObject({ code: 'TESTING_UNEXPECTED_COMMAND' });
  });

  it('streams to and from a spawned child', async () => {
    const runner = recordingRunner({ zstd: 'compressed' });
    const { stdin, stdout, ended } = runner.spawn(['zstd', '-3'], { stdin: 'pipe', stdout: 'pipe' });

    stdin?.end('raw');

    expect(stdout && (await text(stdout))).toBe('compressed');
    await ended;
    expect(String(await runner.recorded[0]?.written)).toBe('raw');
  });
});
