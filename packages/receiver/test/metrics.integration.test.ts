import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { metrics } from '../src/commands/metrics.ts';
import { type PreparedHost, withPreparedHost } from './prepared-host.ts';

describe('metrics', () => {
  btrfsTest('are printed, or replace a file as a whole that everybody may read', async ({ btrfs }) => {
    await withPreparedHost(btrfs, async (host) => {
      await host.receive('v1.0.0');
      await host.deploy({ number: 1, version: 'v1.0.0', state: 'good', active: true });
      const printed = await run(host);
      expect(printed).toContain('goldstream_active_mounted{app="app"} 1\n');
      expect(printed).toContain('goldstream_version_signed{app="app",version="v1.0.0"} 0\n');

      const directory = join(host.tools.layout.root, 'textfiles');
      const file = join(directory, 'goldstream-app.prom');
      await mkdir(directory);
      await writeFile(file, 'old\n', { mode: 0o600 });
      const before = await stat(file);
      expect(await run(host, file)).toBe('');
      const after = await stat(file);
      // The collector may read at any moment: it sees the file of before, or this one.
      expect([after.mode & 0o777, after.ino === before.ino]).toEqual([0o644, false]);
      // Free space may have moved meanwhile.
      const steady = (text: string) => text.replaceAll(/^goldstream_pool_.*\n/gm, '');
      expect(steady(await readFile(file, 'utf8'))).toBe(steady(printed));
    });
  });
});

async function run({ tools }: PreparedHost, output?: string): Promise<string> {
  const words = { arguments: [], options: output === undefined ? {} : { output }, dryRun: false };
  let printed = '';
  const out = (text: string) => {
    printed += text;
  };
  const session = { io: tools.io, out, json: false };
  expect(await metrics.prepare(words)(tools, session)).toBe(0);
  return printed;
}
