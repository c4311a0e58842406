import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { noProgress } from '@goldstream/cli';
import { SystemError, systemBusFor, systemctlFor } from '@goldstream/system';
import { type Answers, directoryTest, recordingRunner } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { openAuditSession } from '../audit/open-session.ts';
import { readConfig } from '../host/config.ts';
import { layoutOf } from '../host/layout.ts';
import { storeOpener } from '../host/store-opener.ts';
import type { Tools } from '../host/tools.ts';
import { TrustSession } from '../trust/trust-session.ts';
import { runChecks } from './run-checks.ts';

const PROGRAMS: Answers = {
  'btrfs --version': 'btrfs-progs v6.2\n',
  'zstd --version': '*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***\n',
  'gpg --version': 'gpg (GnuPG) 2.2.40\n',
  'gpgv --version': 'gpgv (GnuPG) 2.2.40\n',
};

describe('runChecks', () => {
  directoryTest('goes on after each failure, and says of each what mends it', async ({ temporaryDirectory }) => {
    const programs = {
      'btrfs --version': 'btrfs-progs v5.9\n',
      'zstd --version': new SystemError('TOOL_MISSING', 'zstd is not installed', { hint: 'Install it.' }),
      'gpg --version': 'gpg (GnuPG) 2.2.40\n',
      'gpgv --version': 'gpgv (GnuPG) 2.2.40\n',
    };
    const checks = await check(temporaryDirectory, programs);
    expect(checks).toMatchObject({
      btrfs: { verdict: 'fail', found: expect.stringContaining('5.9'), hint: expect.stringContaining('apt-get') },
      zstd: { verdict: 'fail', found: 'zstd is not installed', hint: 'Install it.' },
      gpgv: { verdict: 'ok', found: 'version 2.2.40' },
      pool: { verdict: 'fail', hint: expect.stringContaining('--app app prepare') },
      space: { verdict: 'fail' },
      keyring: { verdict: 'fail', found: expect.stringContaining('app.gpg is missing') },
      store: { verdict: 'fail', found: 'none is configured' },
      policy: { verdict: 'warn', found: expect.stringContaining('cannot tell') },
    });
  });

  directoryTest('finds the keyring and the store', async ({ temporaryDirectory }) => {
    const { config, keyring } = layoutOf(temporaryDirectory, 'app');
    const store = join(temporaryDirectory, 'store');
    await mkdir(store);
    await mkdir(dirname(config), { recursive: true });
    await writeFile(config, `store: dir:${store}\n`);
    await writeFile(keyring, 'keys');
    const checks = await check(temporaryDirectory, PROGRAMS);
    expect(checks).toMatchObject({
      keyring: { verdict: 'ok', found: keyring },
      store: { verdict: 'warn', found: `dir:${store} has no release yet` },
    });
  });

  directoryTest('names a store that is not there', async ({ temporaryDirectory }) => {
    const { config } = layoutOf(temporaryDirectory, 'app');
    await mkdir(dirname(config), { recursive: true });
    await writeFile(config, `store: dir:${temporaryDirectory}/none\n`);
    expect(await check(temporaryDirectory, PROGRAMS)).toMatchObject({
      store: { verdict: 'fail', found: expect.stringContaining('/none') },
    });
  });

  directoryTest('does not hide a bug behind a verdict', async ({ temporaryDirectory }) => {
    const bug = new TypeError('a bug');
    await expect(check(temporaryDirectory, { ...PROGRAMS, 'btrfs --version': bug })).rejects.toBe(bug);
  });

  directoryTest(
    'asks programs for their versions, systemd for its units, and changes nothing',
    async ({ temporaryDirectory }) => {
      const runner = recordingRunner(PROGRAMS);
      await runChecks(await toolsOf(temporaryDirectory, runner));
      expect([...new Set(runner.lines.map((line) => line.replace(/ --root=\S+| goldstream-.*/g, '')))].sort()).toEqual([
        'btrfs --version',
        'gpg --version',
        'gpgv --version',
        'systemctl is-enabled',
        'zstd --version',
      ]);
    },
  );
});

/** The checks of a host below `root`, by name. */
async function check(root: string, programs: Answers) {
  const checks = await runChecks(await toolsOf(root, recordingRunner(programs)));
  return Object.fromEntries(checks.map((one) => [one.name, one]));
}

async function toolsOf(root: string, runner: Tools['runner']): Promise<Tools> {
  const layout = layoutOf(root, 'app');
  const { signal } = new AbortController();
  const config = await readConfig(layout);
  const io = { say: () => {}, warn: () => {}, progress: noProgress, signal, now: () => 0 };
  return {
    runner,
    layout,
    config,
    systemctl: systemctlFor(runner, root),
    systemBus: systemBusFor(runner, root),
    io,
    trust: new TrustSession(),
    audit: openAuditSession(runner, layout, () => {}),
    openStore: storeOpener(layout, config, io),
    patience: 0,
    input: () => Readable.from([]),
    now: () => new Date(0),
  };
}
