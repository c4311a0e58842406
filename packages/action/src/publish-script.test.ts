import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { directoryTest, fakeTool } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { bashOf, scriptOf } from '../test/workflow-scripts.ts';

const workflow = readFileSync(new URL('../../../.github/workflows/release-tool.yml', import.meta.url), 'utf8');

describe('the script that publishes the action', () => {
  const SCRIPT = bashOf(scriptOf(workflow, 'Commit the action, and move the tag v1 to it'));

  directoryTest('puts what was built on a commit of its own, and moves v1', async ({ temporaryDirectory }) => {
    const world = await makeWorld(temporaryDirectory);
    const first = await world.release('goldstream-v0.1.0', 'one');
    expect(await world.git('ls-tree', '-r', '--name-only', 'v1')).toBe('packages/action/dist/bundle/main.js\n');
    expect(await world.git('show', 'v1:packages/action/dist/bundle/main.js')).toBe('one');
    expect(await world.git('rev-list', 'v1')).toBe(`${first}\n`);
    expect(await world.git('branch', '--all', '--contains', 'v1')).toBe('');
    expect(await world.git('show', '--no-patch', '--format=%s', 'v1')).toMatch(
      /^goldstream-v0\.1\.0, built from \w+\n$/,
    );

    expect(await world.release('goldstream-v0.1.0', 'one')).toBe(first);

    const second = await world.release('goldstream-v0.2.0', 'two');
    expect(second).not.toBe(first);
    expect(await world.git('rev-parse', 'action-v0.1.0', 'action-v0.2.0')).toBe(`${first}\n${second}\n`);
    expect(await world.git('ls-tree', '--name-only', 'main')).toBe('source\n');
  });

  /** A checkout, and the repository that it was cloned from. */
  async function makeWorld(directory: string) {
    const [origin, checkout, tools] = ['origin', 'checkout', 'tools'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const who = (role: string) => ({ [`GIT_${role}_NAME`]: 'one', [`GIT_${role}_EMAIL`]: 'one@example.org' });
    const env = {
      ...who('AUTHOR'),
      ...who('COMMITTER'),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    };
    const capture = (cwd: string, ...args: readonly string[]) => systemRunner.capture(['git', ...args], { cwd, env });
    await mkdir(tools);
    await fakeTool(tools, 'gh', '');
    await mkdir(origin);
    await capture(origin, 'init', '--quiet', '--bare', '--initial-branch=main');
    await capture(directory, 'clone', '--quiet', origin, checkout);
    await capture(checkout, 'checkout', '--quiet', '-B', 'main');
    await writeFile(join(checkout, 'source'), 'source\n');
    await capture(checkout, 'add', 'source');
    await capture(checkout, 'commit', '--quiet', '-m', 'source');
    await capture(checkout, 'push', '--quiet', 'origin', 'main');
    let runs = 0;

    return {
      git: (...args: readonly string[]) => capture(origin, ...args),
      /** As the job does on that tag, with that as what was built. @returns the commit that v1 names then */
      release: async (tag: string, built: string) => {
        runs += 1;
        const temp = join(directory, `temp-${runs}`);
        await mkdir(join(temp, 'packages/action/dist/bundle'), { recursive: true });
        await mkdir(join(temp, 'packed'));
        await writeFile(join(temp, 'packages/action/dist/bundle/main.js'), built);
        await systemRunner.capture(['tar', '--create', '--file=packed/action.tar', 'packages'], { cwd: temp });
        const sha = (await capture(checkout, 'rev-parse', 'HEAD')).trim();
        const path = `${tools}:${process.env['PATH']}`;
        const job = { ...env, RUNNER_TEMP: temp, GITHUB_REF_NAME: tag, GITHUB_SHA: sha, PATH: path };
        await systemRunner.capture(SCRIPT, { cwd: checkout, env: job });
        return (await capture(origin, 'rev-parse', 'v1')).trim();
      },
    };
  }
});
