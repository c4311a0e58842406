import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('waiting-program.ts', import.meta.url));

/** The program in a process of its own; it is ended with the test, whatever happens. */
function start(...argv: string[]) {
  const child = spawn(process.execPath, ['--conditions=source', PROGRAM, ...argv], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let told = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    for (const listener of listeners) listener();
  });
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => void (told.includes(text) && resolve());
      listeners.add(look);
      look();
    });
  return { child, ended, says, told: () => told };
}

describe('a real process', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'cleans up after %s, also when asked twice, and ends with 130',
    async (name) => {
      const { child, ended, says, told } = start('wait');
      await says('[1/1] wait');
      child.kill(name);
      await says(`${name}: stopping at the next safe point`);
      child.kill(name);
      await says('cleaning up already, please wait');
      child.stdin.end();
      expect(await ended).toBe(130);
      expect(told()).toMatch(/cleaned up\nPLAN_STEP_FAILED: [^\n]*\n {2}because CLI_INTERRUPTED: asked to stop by SIG/);
    },
  );

  it('ends quietly when the reader of stdout goes away', async () => {
    const { child, ended, told } = start('flood');
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toBe(0);
    expect(told()).toBe('');
  });
});
