import { expect, it } from 'vitest';
import { ownProgram } from './own-program.ts';

it('is started again the way it was, without what was only for that one run', () => {
  const run = {
    execPath: '/usr/bin/node',
    execArgv: ['--conditions=source', '--inspect'],
    argv: ['/usr/bin/node', '/usr/bin/goldstream-receiver', 'prepare', '--key', 'k'],
  };
  expect(ownProgram(run)).toEqual(['/usr/bin/node', '--conditions=source', '/usr/bin/goldstream-receiver']);
});
