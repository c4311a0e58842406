import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ComponentManifest, claims, orderComponents, parseComponentManifest } from '@goldstream/component';
import { ReceiverError } from '../error.ts';
import { expandTrees } from './expand-trees.ts';
import type { InstalledComponent } from './installed-component.ts';

/** Manifests are written by people; a larger file is none. */
const MANIFEST_BYTES = 1024 * 1024;

/**
 * The components of a version in deployment order: its top-level directories that hold a `manifest.yaml`. Reads the
 * received tree and follows no link in it.
 * @throws ReceiverError `DEPLOY_INCOMPLETE_TREE` when a manifest is no readable file
 * @throws ComponentError when a manifest, or the set of them, cannot be used
 */
export async function readComponents(versionDir: string): Promise<readonly InstalledComponent[]> {
  const entries = await readdir(versionDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const folderOf = new Map<ComponentManifest, string>();
  for (const name of folders.sort()) {
    const text = await readManifest(versionDir, join(name, 'manifest.yaml'));
    if (text !== undefined) folderOf.set(parseComponentManifest(text, join(name, 'manifest.yaml')), name);
  }
  const manifests = orderComponents([...folderOf.keys()]);
  claims(manifests);
  return Promise.all(
    manifests.map((manifest) => {
      // Ordering gives back the very objects it was given.
      const name = folderOf.get(manifest) as string;
      return expandTrees({ name, folder: join(versionDir, name), manifest });
    }),
  );
}

/**
 * One component of a version; undefined where its folder holds no `manifest.yaml`.
 * @param folder where it lies on this host; `name` is what it is called
 */
export async function readComponent(folder: string, name: string): Promise<InstalledComponent | undefined> {
  const text = await readManifest(folder, 'manifest.yaml');
  if (text === undefined) return undefined;
  return expandTrees({ name, folder, manifest: parseComponentManifest(text, join(name, 'manifest.yaml')) });
}

async function readManifest(versionDir: string, file: string): Promise<string | undefined> {
  const path = join(versionDir, file);
  const facts = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (facts === undefined) return undefined;
  if (!facts.isFile()) throw unreadable(file, 'is no regular file');
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return decode(file, await readBounded(file, handle));
  } finally {
    await handle.close();
  }
}

async function readBounded(file: string, handle: FileHandle): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > MANIFEST_BYTES) throw unreadable(file, `has ${size} bytes, at most ${MANIFEST_BYTES} are read`);
  // `readFile` takes a read that is cut short by a block that cannot be read for the end of the file; a stream goes on, and
  // fails. Half a manifest may well be a manifest.
  const chunks: Buffer[] = [];
  for await (const chunk of handle.createReadStream({ autoClose: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, 'is not UTF-8 text', cause);
  }
}

function unreadable(file: string, problem: string, cause?: unknown): ReceiverError {
  return new ReceiverError('DEPLOY_INCOMPLETE_TREE', `${file} of the version ${problem}`, { cause });
}
