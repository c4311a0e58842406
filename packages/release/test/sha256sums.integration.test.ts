import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { expect, it, onTestFinished } from 'vitest';
import { fullAssetNames, manifestName, renderSums, SUMS_NAME } from '../src/index.ts';

const NAMES = [...fullAssetNames('op-dbus', 'v1.3.0-rc.1', 2), manifestName('op-dbus', 'v1.3.0-rc.1')];

it('writes what sha256sum checks, strictly', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sums-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const entries = NAMES.map((name) => ({ name, sha256: createHash('sha256').update(name).digest('hex') }));
  for (const name of NAMES) await writeFile(join(directory, name), name);
  await writeFile(join(directory, SUMS_NAME), renderSums(entries));

  const check = () => systemRunner.capture(['sha256sum', '--check', '--strict', SUMS_NAME], { cwd: directory });
  expect(await check()).toBe(`${NAMES.map((name) => `${name}: OK\n`).join('')}`);

  await writeFile(join(directory, NAMES[0] ?? ''), 'changed');
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_FAILED' });
});
