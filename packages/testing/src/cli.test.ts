import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { cli } from './cli.ts';
import { directoryTest } from './fixtures.ts';

describe('cli', () => {
  directoryTest('runs a TypeScript program and tells how it ended', async ({ temporaryDirectory }) => {
    const script = join(temporaryDirectory, 'main.ts');
    await writeFile(
      script,
      `const word: string = process.argv[2] ?? '';
       console.log(word, process.execArgv.join(), process.env['GREETING']);
       console.error('careful');
       process.exitCode = 5;`,
    );

    expect(await cli(script).run(['hello'], { env: { GREETING: 'hi' } })).toEqual({
      exitCode: 5,
      stdout: 'hello --conditions=source hi\n',
      stderr: 'careful\n',
    });
  });
});
