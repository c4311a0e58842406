import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { bashOf, scriptOf } from '../test/workflow-scripts.ts';

const workflow = readFileSync(new URL('../../../.github/workflows/channel-golden.yml', import.meta.url), 'utf8');

describe('the script that changes channels', () => {
  const SCRIPT = bashOf(scriptOf(workflow, 'Change the channels'));
  const WISHES = { RECIPE: 'golden', IF_WITHIN: '', FROM: '', VERSION: '', ROLLOUT: '', OVER: '', DOWNGRADE: '' };

  directoryTest('hands key and passphrase over so that nobody else sees them', async ({ temporaryDirectory }) => {
    const seen = await run(temporaryDirectory, { COMMAND: 'sign', CHANNELS: 'stable', IF_WITHIN: '10d' });
    expect(seen).toEqual({
      exitCode: 0,
      runs: [
        {
          args:
            '--recipe=golden --signing-key - --passphrase-fd 3 ' +
            'channel sign --to=github:octo/app --if-within=10d -- stable',
          input: 'BEGIN\nsecret\nEND\n',
          passphrase: 'open sesame\n',
          isInEnvironment: false,
        },
      ],
    });
  });

  directoryTest('goes on with the other channels when one fails, and fails', async ({ temporaryDirectory }) => {
    const { exitCode, runs } = await run(temporaryDirectory, {
      COMMAND: 'sign',
      CHANNELS: 'gone edge',
      PASSPHRASE: '',
    });
    expect(exitCode).toBe(1);
    expect(runs.map(({ args }) => args)).toEqual([
      '--recipe=golden --signing-key - channel sign --to=github:octo/app -- gone',
      '--recipe=golden --signing-key - channel sign --to=github:octo/app -- edge',
    ]);
  });

  directoryTest.for([
    [
      { COMMAND: 'promote', FROM: 'edge', ROLLOUT: '20%', OVER: '48h' },
      'promote --rollout=20% --over=48h -- edge stable',
    ],
    [{ COMMAND: 'set', VERSION: 'v1.2.9', DOWNGRADE: 'a $(b)' }, 'set --downgrade=a $(b) -- stable v1.2.9'],
  ] as const)('says what was wished for: %j', async ([wishes, said], { temporaryDirectory }) => {
    const { exitCode, runs } = await run(temporaryDirectory, { ...wishes, CHANNELS: 'stable' });
    expect({
      exitCode,
      args: runs.map(({ args }) => args.replace(/^.* channel /, '').replace('--to=github:octo/app ', '')),
    }).toEqual({ exitCode: 0, args: [said] });
  });

  directoryTest('refuses a command that it does not know', async ({ temporaryDirectory }) => {
    expect(await run(temporaryDirectory, { COMMAND: 'withdraw', CHANNELS: 'stable' })).toEqual({
      exitCode: 1,
      runs: [],
    });
  });

  /** Runs it with a builder that notes how it was called, and fails for the channel `gone`. */
  async function run(directory: string, wishes: Readonly<Record<string, string>>) {
    const builder = join(directory, '.goldstream/packages/builder/bin/goldstream-builder.js');
    const notes = join(directory, 'notes');
    await mkdir(dirname(builder), { recursive: true });
    await writeFile(join(directory, '.goldstream/package.json'), '{ "type": "module" }');
    await writeFile(builder, NOTING_BUILDER);
    await writeFile(notes, '');
    const secrets = { SIGNING_KEY: 'BEGIN\nsecret\nEND', PASSPHRASE: 'open sesame' };
    const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
    const env = { ...secrets, ...WISHES, ...wishes, GITHUB_REPOSITORY: 'octo/app', NOTES: notes, PATH: path };
    const { exitCode } = await systemRunner.run(SCRIPT, { cwd: directory, env, accept: [0, 1] });
    const lines = (await readFile(notes, 'utf8')).split('\n').filter((line) => line !== '');
    return { exitCode, runs: lines.map((line) => JSON.parse(line)) };
  }
});

const NOTING_BUILDER = `
import { appendFileSync, readFileSync } from 'node:fs';
const args = process.argv.slice(2);
const note = {
  args: args.join(' '),
  input: readFileSync(0, 'utf8'),
  passphrase: args.includes('--passphrase-fd') ? readFileSync(3, 'utf8') : undefined,
  isInEnvironment: /secret|sesame/.test(JSON.stringify(process.env)),
};
appendFileSync(process.env.NOTES, JSON.stringify(note) + '\\n');
process.exitCode = args.includes('gone') ? 7 : 0;
`;
