import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { expect, it, onTestFinished } from 'vitest';
import { assertTrusted, judgeSignature } from '../src/index.ts';

it('trusts what the gpgv of this machine finds good, and not one byte more', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gpg-test-'));
  const env = { GNUPGHOME: home };
  onTestFinished(async () => {
    await systemRunner.capture(['gpgconf', '--kill', 'all'], { env });
    await rm(home, { recursive: true });
  });
  const gpg = (...args: string[]) =>
    systemRunner.capture(['gpg', '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      env,
      cwd: home,
    });
  const judge = async () => {
    const command = ['gpgv', '--status-fd', '1', '--keyring', `${home}/keyring`, 'message.asc', 'message'] as const;
    return judgeSignature((await systemRunner.run(command, { cwd: home, accept: [1, 2] })).stdout);
  };

  await gpg('--quick-generate-key', 'test <test@example.invalid>', 'ed25519', 'sign', 'never');
  await gpg('--output', 'keyring', '--export');
  await writeFile(join(home, 'message'), 'a manifest');
  await gpg('--armor', '--output', 'message.asc', '--detach-sign', 'message');
  expect(assertTrusted('message', await judge())).toHaveLength(1);

  await writeFile(join(home, 'message'), 'a manifest.');
  expect(await judge()).toMatchObject({ ok: false, reasons: [{ kind: 'bad-signature' }] });
});
