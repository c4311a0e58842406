import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@goldstream/system';
import { describe, expect } from 'vitest';
import {
  type Blow,
  directoryTest,
  type KillReport,
  killMatrix,
  lookAtRun,
  strikeRun,
  withTemporaryDirectory,
} from '../src/index.ts';

/** Two steps: a file is written, and then the link that says so; the second only when the first is whole. */
const CAREFUL = program(`
  say('[1/2] write the data');
  await writeFile('data.new', 'whole');
  await rename('data.new', 'data');
  say('[2/2] say so');
  await writeFile('done', 'yes');
`);
/** Says so first. */
const CARELESS = program(`
  say('[1/2] say so');
  await writeFile('done', 'yes');
  say('[2/2] write the data');
  await writeFile('data', 'whole');
`);

describe('a kill matrix', () => {
  directoryTest('sees every step and everything that is done in it', async ({ temporaryDirectory }) => {
    const { ended, moments } = await lookAtRun(commandIn(temporaryDirectory, CAREFUL));
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect(moments.map(({ step, operation, doing }) => `${step}.${operation} ${doing}`)).toEqual([
      '1.0 write the data',
      '1.1 writeFile data.new',
      '1.2 rename data.new data',
      '2.0 say so',
      '2.1 writeFile done',
      '2.2 tell the result',
    ]);
  });

  directoryTest('finds nothing where a program is careful', async () => {
    expect(await reportOf(CAREFUL)).toEqual({ struck: 6, violations: [] });
  });

  directoryTest('finds the moment at which a program is not', async () => {
    const { violations } = await reportOf(CARELESS);
    expect(violations).toEqual([
      expect.stringMatching(/^kill at step 2, operation 0 \(write the data\): /),
      expect.stringMatching(/^kill at step 2, operation 1 \(writeFile data\): /),
    ]);
  });

  directoryTest('kills the children too, or only them, or lets the terminal go', async () => {
    const parent = program(`
      const { spawn } = await import('node:child_process');
      const { once } = await import('node:events');
      process.on('SIGHUP', () => {});
      process.stderr.on('error', () => {});
      say('[1/1] wait for a child');
      const child = spawn('sh', ['-c', 'cat; touch waited'], { stdio: ['pipe', 'inherit', 'inherit'] });
      const ended = once(child, 'exit');
      child.stdin.end();
      const [, signal] = await ended;
      await writeFile('done', String(signal));
    `);
    expect(await leftBy(parent, 'kill')).toEqual(['waited']);
    expect(await leftBy(parent, 'kill-all')).toEqual([]);
    expect(await leftBy(parent, 'kill-children')).toEqual(['done']);
    expect(await leftBy(parent, 'hang-up')).toEqual(['done', 'waited']);
  });

  directoryTest('takes away what a killed program had for the time being', async ({ temporaryDirectory }) => {
    await strikeRun(commandIn(temporaryDirectory, UNTIDY), 'kill', { step: 2, operation: 0 });
    const made = await readFile(join(temporaryDirectory, 'made'), 'utf8');
    expect(made).toContain('/untidy-');
    expect(existsSync(made)).toBe(false);
  });
});

/** Makes a temporary directory, says which, and waits to be killed in the next step. */
const UNTIDY = program(`
  const { mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  say('[1/2] make a temporary directory');
  await writeFile('made', await mkdtemp(tmpdir() + '/untidy-'));
  say('[2/2] take it away');
  await rename('made', 'gone');
`);

/** What is there after a blow as soon as the child was started. */
function leftBy(parent: string, blow: Blow): Promise<string[]> {
  return withTemporaryDirectory(async (directory) => {
    await strikeRun(commandIn(directory, parent), blow, { step: 1, operation: 2 });
    return (await readdir(directory)).sort();
  });
}

function reportOf(script: string): Promise<KillReport> {
  return killMatrix({
    ...FRESH,
    command: (directory) => commandIn(directory, script),
    blows: ['kill'],
    within: Number.POSITIVE_INFINITY,
    undisturbed: async (directory, { ended }) => {
      expect(ended).toMatchObject({ exitCode: 0 });
      expect(await readdir(directory)).toEqual(['data', 'done']);
    },
    afterwards: async (directory, { ended }) => {
      expect(ended).toBeUndefined();
      const names = await readdir(directory);
      if (names.includes('done')) expect(await readFile(join(directory, 'data'), 'utf8')).toBe('whole');
    },
  });
}

const FRESH = {
  withHost: withTemporaryDirectory,
  seed: 1,
} as const;

function program(body: string): string {
  return `import { rename, writeFile } from 'node:fs/promises';
    process.chdir(process.argv[1]);
    const say = (line) => process.stderr.write(line + '\\n');
    ${body}
    process.stdout.write('done\\n');`;
}

function commandIn(directory: string, script: string): Command {
  return [process.execPath, '--input-type=module', '--eval', script, directory];
}
