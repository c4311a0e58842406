import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { expect } from 'vitest';

/** What is told about each path beside what always is. */
export interface ListingOptions {
  /** Also the time of the last modification, in milliseconds. */
  readonly times?: boolean;
}

/**
 * Everything below `directory` (itself is `.`), by relative path, one line each, for `toEqual`:
 * `file 0644 0:0 5 sha256:…`, `symlink 0777 0:0 -> target`, `directory 0755 0:0`.
 */
export async function snapshotOfTree(directory: string, options: ListingOptions = {}): Promise<Record<string, string>> {
  const lines: Record<string, string> = {};
  await list(Buffer.from(directory), '.', options, lines);
  return lines;
}

/** Runs `action` and fails unless everything below `directory` is as it was, times included. Gives back its result. */
export async function expectUnchanged<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const before = await snapshotOfTree(directory, { times: true });
  const result = await action();
  expect(await snapshotOfTree(directory, { times: true })).toEqual(before);
  return result;
}

/** Paths are bytes: a name need not be UTF-8. */
async function list(path: Buffer, name: string, options: ListingOptions, lines: Record<string, string>): Promise<void> {
  const stats = await lstat(path);
  lines[name] = [
    kindOf(stats),
    (stats.mode & 0o7777).toString(8).padStart(4, '0'),
    `${stats.uid}:${stats.gid}`,
    ...(await contentOf(path, stats)),
    ...(options.times ? [`at ${stats.mtimeMs}`] : []),
  ].join(' ');
  if (!stats.isDirectory()) return;
  const entries = await readdir(path, { encoding: 'buffer' });
  for (const entry of entries.sort(Buffer.compare)) {
    const below = name === '.' ? String(entry) : `${name}/${entry}`;
    await list(Buffer.concat([path, Buffer.from('/'), entry]), below, options, lines);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

async function contentOf(path: Buffer, stats: Stats): Promise<string[]> {
  if (stats.isSymbolicLink()) return ['->', await readlink(path)];
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return [String(stats.rdev)];
  if (!stats.isFile()) return [];
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return [String(stats.size), `sha256:${hash.digest('hex')}`];
}
