import { describe, expect, it } from 'vitest';
import { commandAsRoot } from './become-root.ts';

describe('the command that runs the action as root', () => {
  it('names what of the environment is kept, and tells no value of it', () => {
    const environment = {
      'INPUT_SIGNING-KEY': 'secret of the key',
      GITHUB_REF: 'refs/tags/v1.3.0',
      RUNNER_TEMP: '/tmp',
      SOURCE_DATE_EPOCH: '1',
      HOME: '/home/runner',
      LD_PRELOAD: '/tmp/evil.so',
    };
    expect(commandAsRoot(environment, '/action/dist/main.js')).toEqual([
      'sudo',
      '--non-interactive',
      '--preserve-env=INPUT_SIGNING-KEY,GITHUB_REF,RUNNER_TEMP,SOURCE_DATE_EPOCH',
      process.execPath,
      '/action/dist/main.js',
    ]);
  });
});
