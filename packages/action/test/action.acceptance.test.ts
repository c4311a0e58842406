import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, cli, type GithubEmulator, githubFaults, withGithub } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { type ActionRun, workflowRunner } from './workflow-runner.ts';

const RECEIVER = cli(fileURLToPath(new URL('../../receiver/src/main.ts', import.meta.url)));
const PASSPHRASE = 'correct horse battery staple';
const STORE = 'github:octo/app';

describe('the action, bundled, as a runner runs it', () => {
  btrfsTest(
    'publishes on each pushed tag from a machine that holds nothing, and a host follows by what differs',
    async ({ btrfs }) => {
      await withGithub({}, async (github) => {
        const runner = await workflowRunner(btrfs, github);
        const key = await makeKey(join(btrfs, 'gnupg'));
        const recipe = await writeRecipe(join(btrfs, 'recipe'));
        const inputs = { recipe, 'signing-key': key.secret, passphrase: PASSPHRASE, channel: 'stable' };
        const host = await makeHost(btrfs, github, key.publicFile);
        const memory = await secretsInMemory();

        const first = await runner.push('v1.0.0', inputs);
        expectDone(first);
        expect(first.outputs).toMatchObject({ version: 'v1.0.0', 'delta-ratio': '{}' });
        expect(first.summary).toContain('graph LR\n  nothing(["nothing"])');
        await host('deploy');

        await writeFile(join(recipe, 'core/page'), 'two\n');
        const second = await runner.push('v1.1.0', inputs);
        const release = github.repository.releases.find(({ tag }) => tag === 'v1.1.0');
        expectDone(second);
        expect(second.outputs).toMatchObject({
          'release-id': String(release?.id),
          'release-url': expect.stringContaining('/octo/app/releases/tag/v1.1.0'),
          'manifest-digest': expect.stringMatching(/^[0-9a-f]{64}$/),
        });
        const ratios = JSON.parse(second.outputs['delta-ratio'] ?? '') as Record<string, number>;
        expect(ratios['v1.0.0']).toBeLessThan(0.05);
        expect(second.summary).toMatch(/v1\.0\.0\(\["v1\.0\.0"\]\) -- ".*" --> v1\.1\.0/);
        expect(second.summary).toContain('`core/page`: 4 B');
        await host('upgrade');

        await writeFile(join(recipe, 'core/page'), 'three\n');
        // The full stream goes through; what comes then is refused, as with a token that has expired on the way.
        github.disturb('repos/upload-release-asset', ({ answer }) => answer(), ...refusals(12));
        const failed = await runner.push('v1.2.0', inputs);
        expect(failed).toMatchObject({ exitCode: 1, log: expect.stringContaining('STORE_UNAUTHORISED'), outputs: {} });
        github.mend();
        // Another machine has another snapshot: nothing of the first one's streams may stay.
        const resumed = await runner.push('v1.2.0', inputs);
        expectDone(resumed);
        expect(resumed.log).toContain('its streams are discarded');
        expect(github.repository.releases.filter(({ tag }) => tag === 'v1.2.0')).toHaveLength(1);
        // Run once more, by somebody who wants the channel to have it: what is published is not made again.
        const again = await runner.push('v1.2.0', inputs);
        expectDone(again);
        expect(again.outputs).toEqual(resumed.outputs);
        await host('upgrade');
        expect(JSON.parse(await host('status', '--json'))).toMatchObject({ active: { version: 'v1.2.0' } });

        expect(await secretsInMemory()).toEqual(memory);
        for (const { log, summary } of [first, second, failed, resumed]) {
          expect(unmasked(log) + summary).not.toMatch(/correct horse|PRIVATE KEY|ghs_/);
        }
      });
    },
  );

  btrfsTest(
    'publishes nothing for a draft or a dry run, and names the line of a recipe that is wrong',
    async ({ btrfs }) => {
      await withGithub({}, async (github) => {
        const runner = await workflowRunner(btrfs, github);
        const { secret } = await makeKey(join(btrfs, 'gnupg'), '');
        const recipe = await writeRecipe(join(btrfs, 'recipe'));
        const inputs = { recipe, 'signing-key': secret, channel: 'stable' };

        const dry = await runner.push('v1.0.0', { ...inputs, 'dry-run': 'true' });
        expectDone(dry);
        expect(dry.outputs).toEqual({});
        expect(github.repository.releases).toEqual([]);

        const draft = await runner.push('v1.0.0', { ...inputs, draft: 'true' });
        expectDone(draft);
        expect(draft.outputs).toMatchObject({ version: 'v1.0.0' });
        expect(github.repository.releases).toMatchObject([{ tag: 'v1.0.0', draft: true }]);

        await writeFile(join(recipe, 'golden.yaml'), 'application: app\nsources:\n  - directry: core\n');
        const wrong = await runner.push('v1.0.1', inputs);
        expect(wrong.exitCode).toBe(1);
        expect(wrong.log).toMatch(/::error .*file=.*golden\.yaml,line=3.*::COMPONENT_UNKNOWN_KEY/s);
      });
    },
  );
});

function expectDone({ exitCode, log }: ActionRun): void {
  expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
}

/** Homes of keys, passphrases and tokens of ours that somebody left behind. */
async function secretsInMemory(): Promise<readonly string[]> {
  return (await readdir('/dev/shm')).filter((name) => /^goldstream-(?!test-)/.test(name)).sort();
}

/** What the runner would show: it replaces what it was told to mask. */
function unmasked(log: string): string {
  return log.replaceAll(/^::add-mask::.*$/gm, '');
}

async function makeKey(home: string, passphrase = PASSPHRASE): Promise<{ secret: string; publicFile: string }> {
  await mkdir(home, { mode: 0o700 });
  const quiet = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', passphrase];
  const gpg = (...args: readonly string[]) => systemRunner.capture(['gpg', '--homedir', home, ...quiet, ...args]);
  try {
    await gpg('--quick-generate-key', 'app releases <app@example.org>', 'ed25519', 'sign', 'never');
    const publicFile = `${home}.gpg`;
    await gpg('--output', publicFile, '--export');
    return { secret: await gpg('--armor', '--export-secret-keys'), publicFile };
  } finally {
    await systemRunner.run(['gpgconf', '--homedir', home, '--kill', 'all']);
  }
}

async function writeRecipe(recipe: string): Promise<string> {
  for (const [path, content] of [
    ['golden.yaml', 'application: app\nsources:\n  - directory: core\n'],
    ['core/manifest.yaml', 'stage: 1\ncomponent: core\nversion: 1.0.0\ndescription: The core\n'],
    ['core/page', 'one\n'],
    ['core/data', randomBytes(1024 * 1024)],
  ] as const) {
    await mkdir(dirname(join(recipe, path)), { recursive: true });
    await writeFile(join(recipe, path), content);
  }
  return recipe;
}

/** A host that follows the channel, without a token. */
async function makeHost(directory: string, github: GithubEmulator, key: string) {
  const root = join(directory, 'host');
  await mkdir(root);
  const env = { ...github.env, GITHUB_TOKEN: '', GH_TOKEN: '', GITHUB_TOKEN_FILE: '' };
  const host = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await RECEIVER.run(['--root', root, '--app', 'app', ...args], { env });
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  await host('prepare', '--key', key, '--store', STORE, '--channel', 'stable');
  return host;
}

function refusals(count: number): githubFaults.Fault[] {
  return Array.from({ length: count }, () => githubFaults.says(403, 'Bad credentials'));
}
