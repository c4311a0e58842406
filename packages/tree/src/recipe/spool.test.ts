import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { makeSpool } from './spool.ts';

/** No process has a number above 2^22. proc(5), pid_max */
const NOBODY = 2 ** 22 + 1;

describe('makeSpool', () => {
  directoryTest(
    'removes what a killed process of ours left, and nothing of anybody else',
    async ({ temporaryDirectory: scratch }) => {
      const ours = await makeSpool(scratch);
      const own = ours.slice(scratch.length + 1);
      const killed = own.replace(`-${process.pid}-`, `-${NOBODY}-`);
      const elsewhere = killed.replace(/^recipe-\d+/, 'recipe-1');
      for (const name of [killed, elsewhere, 'recipe-notes', 'build']) {
        await mkdir(join(scratch, name));
        await writeFile(join(scratch, name, 'content'), 'x');
      }

      const next = await makeSpool(scratch);

      expect((await readdir(scratch)).toSorted()).toEqual(
        [own, next.slice(scratch.length + 1), elsewhere, 'recipe-notes', 'build'].toSorted(),
      );
    },
  );
});
