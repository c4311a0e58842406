import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory-backed: what lies here never reaches a disk. */
const MEMORY = '/dev/shm';

/** Runs `use` while the token is in a file that only root reads, and of which the environment names the path. */
export async function withTokenFile<T>(token: string, use: () => Promise<T>): Promise<T> {
  const path = join(MEMORY, `goldstream-token-${process.pid}`);
  writeFileSync(path, token, { mode: 0o600, flag: 'wx' });
  process.env['GITHUB_TOKEN_FILE'] = path;
  try {
    return await use();
  } finally {
    delete process.env['GITHUB_TOKEN_FILE'];
    rmSync(path);
  }
}
