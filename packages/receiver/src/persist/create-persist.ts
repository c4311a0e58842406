import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import { createSubvolume, findSubvolume, syncDirectory, syncFilesystem } from '@goldstream/system';
import { pathFromText } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { inodeIn } from '../overlay/list-inodes.ts';
import type { PersistPlace } from './persist-place.ts';

/**
 * Makes what a version keeps and is not there yet, with the vendor's content; durable and whole, or not there. What is
 * there already stays as it is, whatever version made it.
 * @throws ReceiverError `DEPLOY_INCOMPLETE_TREE` when the version has no such directory
 */
export async function createPersists(
  tools: Pick<Tools, 'runner' | 'layout'>,
  version: Version,
  places: readonly PersistPlace[],
): Promise<void> {
  for (const place of places) await createPersist(tools, version, place);
}

async function createPersist(
  { runner, layout }: Pick<Tools, 'runner' | 'layout'>,
  version: Version,
  { name, path }: PersistPlace,
): Promise<void> {
  const at = join(layout.persist, name);
  if ((await findSubvolume(runner, at)) !== undefined) return;
  const tree = layout.version(version);
  if (inodeIn(pathFromText(tree), pathFromText(path))?.kind !== 'directory') {
    throw new ReceiverError(
      'DEPLOY_INCOMPLETE_TREE',
      `${path}, which ${version} keeps as ${name}, is no directory of it`,
    );
  }
  const unfinished = join(layout.persist, `.new-${name}`);
  // Most likely a command of ours that was cut off; but nothing proves it, so it is moved aside and not deleted.
  const remains = await findSubvolume(runner, unfinished);
  if (remains !== undefined) await rename(unfinished, `${unfinished}.${remains.uuid}`);
  await createSubvolume(runner, unfinished);
  await runner.run(['cp', '--archive', '--no-target-directory', '--reflink=auto', '--', join(tree, path), unfinished]);
  await syncFilesystem(runner, layout.persist);
  await rename(unfinished, at);
  await syncDirectory(layout.persist);
}
