import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assetPrefix, SUMS_NAME } from '@goldstream/release';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import type { OnBytes, Publication } from '../store.ts';
import { durableCopy, syncDirectory } from './durable-files.ts';
import { hiddenName, removeAbandoned } from './hidden-name.ts';
import { isErrno } from './open-file.ts';

/**
 * Publishes into `BASE/TAG` by one rename: the version is made whole and durable in a hidden directory beside it
 * first. Of two that publish one version at the same time, one wins and the other sees what it published. What an
 * unfinished copy of this application left under the tag is replaced; where anything else is, nothing is touched.
 */
export async function publishInto(
  base: string,
  application: string,
  publication: Publication,
  onBytes: OnBytes = () => {},
): Promise<'published' | 'unchanged'> {
  const target = join(base, publication.version);
  // Ours by its random name, whatever happens to it.
  const staging = await hiddenName(base, publication.version);
  try {
    await removeAbandoned(base);
    if (await isPublished(target, publication)) return await comparePublished(target, publication);
    await fill(staging, publication, onBytes);
    while (!(await takeName(staging, target))) {
      if (await isPublished(target, publication)) return await comparePublished(target, publication);
      await refuseForeign(target, application, publication);
      await clearUnfinished(base, target, publication);
    }
    await syncDirectory(base);
    return 'published';
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('STORE_PUBLISH_FAILED', `${publication.version} could not be published in ${base}`, { cause });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Everything in the order in which it may appear: assets, manifest, and the signature that makes it a release. */
async function fill(staging: string, { assets, manifest, signature }: Publication, onBytes: OnBytes): Promise<void> {
  await mkdir(staging);
  await chmod(staging, 0o755);
  for (const { name, path } of [...assets, manifest, signature]) {
    if (!isPlainName(name)) throw new StoreError('STORE_PUBLISH_FAILED', `${JSON.stringify(name)} cannot be an asset`);
    onBytes(await durableCopy(path, join(staging, name), 0o644));
  }
  await syncDirectory(staging);
}

/** The manifest names everything else by digest; signatures differ with the hour they were made. */
async function comparePublished(target: string, { version, manifest }: Publication): Promise<'unchanged'> {
  const [found, ours] = await Promise.all([readFile(join(target, manifest.name)), readFile(manifest.path)]);
  if (found.equals(ours)) return 'unchanged';
  throw new StoreError('STORE_ALREADY_PUBLISHED', `${target} holds ${version} with another manifest`, {
    hint: 'A published release never changes: publish this one under a new version.',
  });
}

/** Under the tag there may be a release of another application, or somebody's notes. */
async function refuseForeign(target: string, application: string, { version }: Publication): Promise<void> {
  const ours = (name: string) => [SUMS_NAME, assetPrefix(application, version)].some((start) => name.startsWith(start));
  const foreign = (await readdir(target)).find((name) => !ours(name));
  if (foreign === undefined) return;
  throw new StoreError('STORE_OCCUPIED', `${target} holds ${foreign}, which is no part of ${application} ${version}`, {
    hint: 'Publish to a directory of its own, or move that file away.',
  });
}

/**
 * Frees the name of a version that was never finished. What is there goes aside in one rename, is looked at again, and
 * goes back should somebody have finished it in that moment.
 */
async function clearUnfinished(base: string, target: string, publication: Publication): Promise<void> {
  // Not a name that is ever cleaned up: should it turn out to be finished, it is somebody's release.
  const aside = join(base, `.${publication.version}.${randomUUID()}`);
  try {
    await rename(target, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  if (await isPublished(aside, publication)) await rename(aside, target);
  else await rm(aside, { recursive: true });
}

/** The moment at which the version exists. `false`: something has its name. */
async function takeName(staging: string, target: string): Promise<boolean> {
  try {
    await rename(staging, target);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

async function isPublished(directory: string, { signature }: Publication): Promise<boolean> {
  try {
    return (await stat(join(directory, signature.name))).isFile();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
