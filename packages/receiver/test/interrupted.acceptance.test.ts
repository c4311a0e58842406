import { access, chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Running, systemRunner } from '@goldstream/system';
import { pathWithout } from '@goldstream/testing';
import { describe, expect, vi } from 'vitest';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost } from './target-host.ts';

describe('in the middle of a receive', () => {
  const cases = [
    ['receive', 'Ctrl-C', 'SIGINT'],
    ['deploy', 'a service manager that stops it', 'SIGTERM'],
    ['receive', 'a terminal that goes away', 'SIGHUP'],
  ] as const;
  for (const [command, what, signal] of cases) {
    shopTest(
      `of ${command}, ${what} leaves a clean state, and the same command goes through`,
      async ({ host, temporaryDirectory }) => {
        await host.do('receive', 'v1.0.0');
        const { PATH } = await stallingZstd(temporaryDirectory);

        const stderr = await expectHostUnchanged(host, async () =>
          interrupted(host, [command, 'v1.3.0'], PATH, (running) => running.kill(signal)),
        );

        expect(stderr).toMatch(/ended with 130: .*CLI_INTERRUPTED: /s);
        expect(await host.recordOf('v1.3.0')).toBeUndefined();
        await host.do(command, 'v1.3.0');
        expect(await receivedRecord(host, 'v1.3.0')).toMatchObject({ how: 'full' });
      },
    );
  }

  for (const program of ['btrfs', 'cat'] as const) {
    // `cat` is what the stalling zstd has become.
    shopTest(
      `a killed ${program === 'cat' ? 'zstd' : program} leaves nothing`,
      async ({ host, temporaryDirectory }) => {
        const { PATH } = await stallingZstd(temporaryDirectory);
        const stderr = await expectHostUnchanged(host, async () =>
          interrupted(host, ['receive', 'v1.3.0'], PATH, async ({ pid }) =>
            process.kill(await childOf(pid, program), 'SIGKILL'),
          ),
        );
        expect(stderr).toMatch(/PLAN_STEP_FAILED: /);
      },
    );
  }

  shopTest('and even a kill is made good by the same command', async ({ host, temporaryDirectory }) => {
    const { PATH, letGo } = await stallingZstd(temporaryDirectory);
    const running = systemRunner.spawn(host.command('receive', 'v1.3.0'), {
      env: { PATH, TMPDIR: temporaryDirectory },
    });
    try {
      await vi.waitFor(async () => access(join(await incomingOf(host), 'core')), { timeout: 60_000 });
    } finally {
      running.kill('SIGKILL');
      await running.ended.catch(() => {});
      await letGo();
    }
    await noLongerReceiving(host);
    expect(await host.recordOf('v1.3.0')).toBeUndefined();
    expect((await host.status()).attention).toEqual([expect.stringContaining('v1.3.0 is being received since')]);

    const { exitCode, stderr } = await host.run(['receive', 'v1.3.0']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toMatch(/undo an interrupted receive of v1\.3\.0.*\n {2}\[1\/2] remove .*\.incoming-/);
    expect(await receivedRecord(host, 'v1.3.0')).toMatchObject({ how: 'full' });
    expect((await host.status()).attention).toEqual([]);
  });
});

/** Runs a command until it has received something, does `what`, and gives back how it ended. */
async function interrupted(
  host: TargetHost,
  words: readonly string[],
  PATH: string,
  what: (running: Running) => unknown,
): Promise<string> {
  const running = systemRunner.spawn(host.command(...words), { env: { PATH } });
  try {
    await vi.waitFor(async () => access(join(await incomingOf(host), 'core')), { timeout: 60_000 });
    await what(running);
    return await running.ended.then(
      () => '',
      (error: Error) => error.message,
    );
  } finally {
    running.kill('SIGKILL');
  }
}

/** The child of a process that runs a program of this name. */
async function childOf(pid: number, program: string): Promise<number> {
  const { stdout } = await systemRunner.run(['pgrep', '--parent', String(pid), '--exact', program]);
  return Number(stdout);
}

/** Where a version lies while it is received. */
async function incomingOf({ layout }: TargetHost): Promise<string> {
  const [name] = (await readdir(layout.deploy)).filter((one) => one.startsWith('.incoming-'));
  if (name === undefined) throw new Error('nothing is being received');
  return join(layout.deploy, name);
}

/** The children of a killed receiver end when their pipes do. */
async function noLongerReceiving(host: TargetHost): Promise<void> {
  const incoming = await incomingOf(host);
  const writers = () => systemRunner.run(['fuser', '--silent', incoming], { accept: [1] });
  await vi.waitFor(async () => expect(await writers()).toMatchObject({ exitCode: 1 }), { timeout: 60_000 });
}

/**
 * This machine with a zstd that gives 3 MB of what it decompresses and then waits for ever, as a slow store would make
 * it: what was received until then is there to be seen.
 */
async function stallingZstd(directory: string): Promise<{ PATH: string; letGo: () => Promise<void> }> {
  const path = await pathWithout(directory);
  const zstd = join(path, 'zstd');
  const real = (await systemRunner.capture(['which', 'zstd'])).trim();
  const fifo = join(path, 'never-written');
  await systemRunner.run(['mkfifo', fifo]);
  await rm(zstd);
  const script = `#!/bin/sh
if [ "$1" = --version ]; then exec '${real}' --version; fi
'${real}' "$@" > '${path}/raw'
head -c 3000000 '${path}/raw'
exec cat '${fifo}'
`;
  await writeFile(zstd, script, { flag: 'wx' });
  await chmod(zstd, 0o755);
  // Once it waits, somebody who opens the FIFO for writing, and closes it again, ends it.
  const letGo = async () => void (await systemRunner.run(['timeout', '60', 'tee', fifo]));
  return { PATH: path, letGo };
}
