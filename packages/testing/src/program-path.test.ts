import { systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { directoryTest } from './fixtures.ts';
import { fakeTool, pathWithout } from './program-path.ts';

describe('pathWithout', () => {
  directoryTest('leaves out the named programs and nothing else', async ({ temporaryDirectory }) => {
    const env = { PATH: await pathWithout(temporaryDirectory, 'cat') };

    await expect(systemRunner.capture(['/usr/bin/env', 'cat'], { env })).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await systemRunner.capture(['/usr/bin/env', 'uname'], { env })).toBe('Linux\n');
  });
});

describe('fakeTool', () => {
  directoryTest('takes the place of the real program and leaves that alone', async ({ temporaryDirectory }) => {
    const path = await pathWithout(temporaryDirectory);
    const real = await systemRunner.capture(['uname', '-r']);

    await fakeTool(path, 'uname', "it's v5.0");

    expect(await systemRunner.capture(['/usr/bin/env', 'uname'], { env: { PATH: path } })).toBe("it's v5.0\n");
    expect(await systemRunner.capture(['uname', '-r'])).toBe(real);
  });
});
