import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { CAPABILITIES, directoryTest, fakeTool, pathWithout, requireOrSkip } from '../src/index.ts';

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

const installTest = directoryTest.extend<{ machine: Machine }>({
  machine: async ({ skip, temporaryDirectory }, use) => {
    await requireOrSkip(skip, [CAPABILITIES.root]);
    await use(await aMachineWithout(temporaryDirectory, 'zstd', 'setfattr', 'linux.uml'));
  },
});

describe('scripts/install-needs.sh', () => {
  installTest('says what it installs and why, and asks for nothing else', async ({ machine }) => {
    const { exitCode, stdout } = await machine.install('run');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'installing zstd: compresses and decompresses them',
        'installing attr: carries extended attributes',
        'installing the Node packages of package-lock.json, Node 24 among them',
        '',
      ].join('\n'),
    );
    expect(await machine.asked()).toEqual([
      'apt-get -qq -o DPkg::Lock::Timeout=300 update',
      'apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends zstd attr',
      'npm --version',
      'npm ci --no-audit --no-fund --loglevel=error',
    ]);
  });

  installTest('downloads nothing the second time', async ({ machine }) => {
    await machine.install('run');
    await machine.has('zstd', 'setfattr');
    await machine.forget();

    expect(await machine.install('run')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await machine.asked()).toEqual(['npm --version']);
  });

  installTest('brings what only slow tests need for these alone', async ({ machine }) => {
    const what = 'installing user-mode-linux: is a whole machine whose power can be cut';
    expect((await machine.install('test')).stdout).not.toContain(what);
    expect((await machine.install('test-long')).stdout).toContain(what);
  });

  installTest('stops at a Node that is too old', async ({ machine }) => {
    await fakeTool(machine.path, 'node', 'v18.20.4');
    expect(await machine.install('run')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('node is v18.20.4, expected 20 or newer'),
    });
  });

  installTest('shows what npm says when it fails, and leaves no stamp', async ({ machine }) => {
    await machine.script('npm', 'case $1 in --version) echo 10.9.2 ;; *) echo "no such version" >&2; exit 1 ;; esac');
    for (const attempt of [1, 2]) {
      const { exitCode, stderr } = await machine.install('run');
      expect({ attempt, exitCode }).toEqual({ attempt, exitCode: 3 });
      expect(stderr).toBe('no such version\nnpm ci failed\n  hint: See above for what it says.\n');
    }
  });
});

type Machine = Awaited<ReturnType<typeof aMachineWithout>>;

/** A checkout of the scripts alone, and a PATH on which apt-get and npm only write down what they were asked. */
async function aMachineWithout(directory: string, ...missing: string[]) {
  const checkout = join(directory, 'checkout');
  const log = join(directory, 'asked');
  await mkdir(join(checkout, 'node_modules'), { recursive: true });
  await cp(join(CHECKOUT, 'scripts'), join(checkout, 'scripts'), { recursive: true });
  await writeFile(join(checkout, 'package-lock.json'), '{}');
  const path = await pathWithout(directory, ...missing);

  const script = async (name: string, body: string) => {
    await rm(join(path, name), { force: true });
    await writeFile(join(path, name), `#!/bin/sh\n${body}\n`, { flag: 'wx' });
    await chmod(join(path, name), 0o755);
  };
  await script('apt-get', `echo "apt-get $*" >>'${log}'`);
  await script('npm', `echo "npm $*" >>'${log}'; echo 10.9.2`);
  for (const present of ['systemctl', 'systemd-nspawn', 'mmdebstrap']) await fakeTool(path, present, '');

  return {
    path,
    script,
    install: (what: string) =>
      systemRunner.run([join(checkout, 'scripts', 'install-needs.sh'), what], { env: { PATH: path }, accept: [3] }),
    asked: async () => (await readFile(log, 'utf8')).trimEnd().split('\n'),
    forget: () => rm(log),
    has: async (...programs: string[]) => {
      for (const program of programs) await fakeTool(path, program, '');
    },
  };
}
