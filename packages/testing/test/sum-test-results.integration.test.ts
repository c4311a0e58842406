import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { cli, directoryTest } from '../src/index.ts';

const sum = cli(fileURLToPath(new URL('../../../scripts/sum-test-results.mjs', import.meta.url)));

describe('the sum of the rings', () => {
  directoryTest('adds up every report', async ({ temporaryDirectory }) => {
    await report(temporaryDirectory, 'unit', ['passed', ['passed', 'passed', 'skipped']]);
    await report(temporaryDirectory, 'integration', ['passed', ['passed']]);

    const { exitCode, stdout } = await sum.run([temporaryDirectory]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '3 passed, 0 failed, 1 skipped\n' });
  });

  directoryTest('counts a file that could not be loaded as a failure', async ({ temporaryDirectory }) => {
    await report(temporaryDirectory, 'unit', ['failed', []], ['failed', ['failed', 'passed']]);

    const { exitCode, stdout } = await sum.run([temporaryDirectory]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '1 passed, 2 failed\n' });
  });

  directoryTest('is a failure when nothing ran', async ({ temporaryDirectory }) => {
    const { exitCode, stdout } = await sum.run([temporaryDirectory]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '0 passed, 0 failed\n' });
  });
});

/** A report as vitest's JSON reporter writes it, the part that counts. */
async function report(directory: string, ring: string, ...files: [status: string, tests: string[]][]): Promise<void> {
  const testResults = files.map(([status, tests]) => ({
    status,
    assertionResults: tests.map((it) => ({ status: it })),
  }));
  await writeFile(join(directory, `${ring}.json`), JSON.stringify({ testResults }));
}
