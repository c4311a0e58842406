import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { directoryTest, FOR_WHOLE_MACHINE, LONG_RUN, requireOrSkip, withMachine } from '../src/index.ts';

describe.runIf(LONG_RUN)('withMachine', () => {
  directoryTest(
    'tells what the console said of a machine that does not come up',
    async ({ skip, temporaryDirectory }) => {
      await requireOrSkip(skip, FOR_WHOLE_MACHINE);
      const disks = { root: join(temporaryDirectory, 'root'), pool: join(temporaryDirectory, 'pool') };
      for (const disk of Object.values(disks)) {
        await writeFile(disk, '');
        await truncate(disk, 1024 * 1024);
      }
      await expect(withMachine(disks, async () => {})).rejects.toMatchObject({
        code: 'TESTING_HOST_FAILED',
        cause: { message: expect.stringContaining('Unable to mount root fs') },
      });
      expect(await readdir(temporaryDirectory)).toEqual(['pool', 'root']);
    },
  );
});
