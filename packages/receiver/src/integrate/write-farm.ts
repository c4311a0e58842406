import { readlink, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectoryDurably, syncDirectory } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { FarmLink } from './plan-farm.ts';

/**
 * Makes a link farm, durably: when this resolves, every link of it outlives a power cut. After a crash the same call
 * completes what is there; a link with another text is not one of this farm and is refused.
 */
export async function writeFarm(links: string, farm: readonly FarmLink[]): Promise<void> {
  await makeDirectoryDurably(links);
  const directories = new Set<string>();
  for (const { path, text } of farm) {
    const at = join(links, path);
    await makeDirectoryDurably(dirname(at));
    await makeLink(at, text);
    directories.add(dirname(at));
  }
  for (const directory of directories) await syncDirectory(directory);
}

async function makeLink(at: string, text: string): Promise<void> {
  try {
    await symlink(text, at);
  } catch (cause) {
    const found = await readlink(at).catch(() => undefined);
    if (found === text) return;
    throw new ReceiverError('TARGET_CONFLICT', `${at} is ${found ?? 'no link'}, expected a link to ${text}`, { cause });
  }
}
