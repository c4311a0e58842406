import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { directoryTest } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { systemRunner } from './system-runner.ts';

const node = (script: string) => [process.execPath, '-e', script] as const;

describe('run', () => {
  it('tells what the program said and how it ended', async () => {
    const ended = await systemRunner.run(node('console.log("out"); console.error("err")'));
    expect(ended).toEqual({ exitCode: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it('refuses every exit code but 0, with the command and what it said', async () => {
    await expect(systemRunner.run(['sh', '-c', 'echo why >&2; exit 3'])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: 'sh -c echo why >&2; exit 3 ended with 3: why',
    });
  });

  it('takes an exit code that is an answer', async () => {
    const ended = await systemRunner.run(['sh', '-c', 'echo half; exit 3'], { accept: [1, 3] });
    expect(ended).toMatchObject({ exitCode: 3, stdout: 'half\n' });
  });

  it('does not take a signal for an accepted exit code', async () => {
    await expect(systemRunner.run(['sh', '-c', 'kill -KILL $$'], { accept: [1, 137] })).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('was ended by SIGKILL'),
    });
  });

  it.each([
    ['no-such-program', 'Install no-such-program.'],
    ['mkfs.btrfs', 'Install it: apt-get install btrfs-progs'],
  ])('says how to get %s when it is missing', async (program, hint) => {
    const run = systemRunner.run([program], { env: { PATH: '/nowhere' } });
    await expect(run).rejects.toMatchObject({ code: 'TOOL_MISSING', hint });
  });

  it('hands words on as they are, never to a shell', async () => {
    const words = ['a b', '$HOME', '`id`', '*', "it's"];
    expect(await systemRunner.capture(['printf', '%s\n', ...words])).toBe(`${words.join('\n')}\n`);
  });

  it('speaks to programs in the C locale and in UTC, and adds what it is told', async () => {
    const said = await systemRunner.capture(['sh', '-c', 'echo $LC_ALL $TZ $MORE'], { env: { MORE: 'more' } });
    expect(said).toBe('C UTC more\n');
  });

  it('keeps Ctrl-C of our terminal away from what it runs', async () => {
    const groupOf = async (process: string) => (await readFile(`/proc/${process}/stat`, 'utf8')).split(' ')[4];
    const said = await systemRunner.capture(['cut', '-d', ' ', '-f', '5', '/proc/self/stat']);
    expect(said.trim()).not.toBe(await groupOf('self'));
  });

  it('gives no stdin unless there is one', async () => {
    expect(await systemRunner.capture(['cat'])).toBe('');
    expect(await systemRunner.capture(['cat'], { input: 'given' })).toBe('given');
    expect(await systemRunner.capture(['cat'], { input: Buffer.from('bytes') })).toBe('bytes');
  });

  it('ends the program when it is told to stop', async () => {
    const stop = new AbortController();
    const run = systemRunner.run(['sleep', '600'], { signal: stop.signal });
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  directoryTest('hands descriptors on as 3, 4, …, and no others', async ({ temporaryDirectory }) => {
    const path = join(temporaryDirectory, 'file');
    await writeFile(path, '');
    await using file = await open(path, 'a');
    await using other = await open(path);
    expect(other.fd).toBeGreaterThan(2);
    const script = 'echo given >&3; [ -e /proc/self/fd/4 ] && echo leaked >&3; cat >&3';
    await systemRunner.run(['sh', '-c', script], { descriptors: [file.fd], accept: [0], input: 'and stdin' });
    expect(await readFile(path, 'utf8')).toBe('given\nand stdin');
  });
});

describe('spawn', () => {
  it('streams through pipes', async () => {
    const child = systemRunner.spawn(['cat'], { stdin: 'pipe', stdout: 'pipe' });
    child.stdin?.end('bytes');
    expect(child.stdout && (await text(child.stdout))).toBe('bytes');
    await child.ended;
  });

  it('has no streams that nobody asked for', async () => {
    const child = systemRunner.spawn(['true']);
    expect([child.stdin, child.stdout]).toEqual([undefined, undefined]);
    await child.ended;
  });

  it('tells in the end that the program failed, and what it said', async () => {
    const { ended } = systemRunner.spawn(['sh', '-c', 'echo why >&2; exit 4']);
    await expect(ended).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(/4: why$/) });
  });

  it('tells in the end that the program is missing', async () => {
    const { ended, pid } = systemRunner.spawn(['no-such-program'], { stdout: 'pipe' });
    expect(pid).toBe(-1);
    await expect(ended).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it.each([undefined, 'SIGKILL'] as const)('ends the program with the signal it is told: %s', async (signal) => {
    const child = systemRunner.spawn(['sleep', '600']);
    child.kill(signal);
    await expect(child.ended).rejects.toMatchObject({
      message: expect.stringContaining(`was ended by ${signal ?? 'SIGTERM'}`),
    });
  });
});
