import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKOUT_IN_HOST, systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';

/** Writes two entries and reads them back, as one line of JSON. */
const PROGRAM = `
import { journalFor, systemRunner } from '${CHECKOUT_IN_HOST}/packages/system/src/index.ts';
const journal = journalFor(systemRunner, '/');
await journal.write({ MESSAGE: 'one\\nGOLDSTREAM_TEST=forged', GOLDSTREAM_TEST: 'right', GOLDSTREAM_VALUE: 'é = 1' });
await journal.write({ MESSAGE: 'two', GOLDSTREAM_TEST: 'other' });
await systemRunner.run(['journalctl', '--sync']);
const fields = ['MESSAGE', 'GOLDSTREAM_VALUE', 'GOLDSTREAM_TEST'];
console.log(JSON.stringify([journal.live, await journal.read({ GOLDSTREAM_TEST: 'right' }, fields)]));
`;

describe('the journal', () => {
  systemdTest('takes fields as they are, and no value makes one of its own', async ({ systemdHost: host }) => {
    await writeFile(join(host.root, 'root/journal.mjs'), PROGRAM);
    // Anybody may write such fields; only root's count.
    const forged = 'MESSAGE=three\nGOLDSTREAM_TEST=right\n';
    await host.run(['setpriv', '--reuid=65534', '--clear-groups', 'logger', '--journald'], { input: forged });
    const { stdout } = await host.run(['node', '--conditions=source', '/root/journal.mjs']);
    expect(JSON.parse(stdout)).toEqual([
      true,
      [{ MESSAGE: 'one\\x0aGOLDSTREAM_TEST=forged', GOLDSTREAM_TEST: 'right', GOLDSTREAM_VALUE: 'é = 1' }],
    ]);
  });
});
