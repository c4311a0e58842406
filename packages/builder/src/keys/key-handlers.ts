import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { createKey, exportPublicKey, makeDirectoryDurably, writeDurably } from '@goldstream/system';
import type { Tools } from '../tools.ts';
import type { CreateKeyStep, ExportKeyStep } from './plan-keys.ts';

/** How a key is made. */
export function createKeyHandlers(tools: Tools): Handlers<CreateKeyStep> {
  return {
    'create-key': async ({ userId, expires }) => {
      const home = await tools.gpgHome();
      if (home.kind === 'ours') await makeDirectoryDurably(home.path, 0o700);
      await createKey(tools.runner, home, userId, expires);
    },
  };
}

/** How a public key is written. */
export function exportKeyHandlers({ runner, gpgHome, streams }: Tools): Handlers<ExportKeyStep> {
  return {
    'export-key': async ({ fingerprint, armor, to }) => {
      const directory = await mkdtemp(join(tmpdir(), 'goldstream-key-'));
      try {
        const file = join(directory, 'key');
        await exportPublicKey(runner, await gpgHome(), fingerprint, { armor, to: file });
        const key = await readFile(file);
        if (to === undefined) streams.write(key);
        else await writeDurably(to, key, 0o644);
      } finally {
        await rm(directory, { recursive: true });
      }
    },
  };
}
