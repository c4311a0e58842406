import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { hiddenName, removeAbandoned } from './hidden-name.ts';

/** No process has a number above 2^22. proc(5), pid_max */
const NOBODY = 2 ** 22 + 1;

describe('removeAbandoned', () => {
  directoryTest(
    'removes what a killed publisher was making here, and nothing else',
    async ({ temporaryDirectory: base }) => {
      const own = basename(await hiddenName(base, 'v1.3.0'));
      const killed = own.replace(`.${process.pid}.`, `.${NOBODY}.`);
      const elsewhere = killed.replace(/\.[0-9a-f]{16}\./, '.0123456789abcdef.');
      const aside = '.v1.3.0.123e4567-e89b-12d3-a456-426614174000';
      for (const name of [own, killed, elsewhere, aside, 'v1.2.0', '.notes']) {
        await mkdir(join(base, name));
        await writeFile(join(base, name, 'content'), 'x');
      }

      await removeAbandoned(base);

      // Without a machine id nobody can tell whose it is.
      const kept = own.includes('.0000000000000000.') ? [killed] : [];
      expect((await readdir(base)).toSorted()).toEqual([own, elsewhere, aside, 'v1.2.0', '.notes', ...kept].toSorted());
    },
  );

  directoryTest('has nothing to do where no store is yet', async ({ temporaryDirectory }) => {
    await removeAbandoned(join(temporaryDirectory, 'none'));
  });
});
