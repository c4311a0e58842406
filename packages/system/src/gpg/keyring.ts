import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../runner.ts';
import { withGpgHome } from './home.ts';

/** Runs `use` with a file that holds a binary keyring, which is there no longer than that. */
export async function withKeyring<T>(keyring: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-keyring-'));
  try {
    const path = join(directory, 'keyring.gpg');
    await writeFile(path, keyring, { mode: 0o600 });
    return await use(path);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/**
 * The keys of a binary keyring whose primary fingerprints are named, as a binary keyring; empty for none. Each comes
 * once, however often it was in there.
 */
export async function keyringOfKeys(
  runner: Runner,
  keyring: Uint8Array,
  fingerprints: readonly string[],
): Promise<Uint8Array> {
  if (fingerprints.length === 0) return new Uint8Array();
  return withKeyring(keyring, async (path) => {
    const home = `${path}.home`;
    const kept = `${path}.kept`;
    await withGpgHome(runner, { kind: 'ours', path: home }, async (at) => {
      const gpg = ['gpg', ...at, '--batch', '--quiet', '--no-autostart', '--ignore-time-conflict'] as const;
      await runner.run([...gpg, '--import', path], { accept: [2] });
      await runner.run([...gpg, '--output', kept, '--export', ...fingerprints.map((key) => `0x${key}`)]);
    });
    return readFile(kept);
  });
}
