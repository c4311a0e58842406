import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { CopySource } from './system-facts.ts';

/** Name of the file under construction. Short, because the final name may have all 255 bytes; units and cron ignore it. */
export const TEMPORARY = '.goldstream.new';

/** How the new file takes its name. */
export type Manner =
  /** In place of what is there, by rename(2). */
  | 'replace'
  /** Only where nothing is, by link(2), which says no otherwise. */
  | 'create';

/**
 * Copies a file to its place so that at any time there is the old one or the new one, whole, and the new one is durable
 * when this resolves. What was copied is hashed on the way; a source that is not what the plan saw is refused.
 * @throws ReceiverError `DEPLOY_INCOMPLETE_TREE`, and the EEXIST of link(2)
 */
export async function placeFile(place: string, source: CopySource, manner: Manner): Promise<void> {
  const directory = dirname(place);
  const temporary = join(directory, TEMPORARY);
  await rm(temporary, { force: true });
  await writeCopy(temporary, source);
  if (manner === 'replace') {
    await rename(temporary, place);
  } else {
    await link(temporary, place).finally(() => rm(temporary));
  }
  await syncDirectory(directory);
}

async function writeCopy(temporary: string, source: CopySource): Promise<void> {
  const { sha256, mode, uid, gid } = source;
  // 0600 until its owner is set: nobody reads or runs what is not finished.
  await using to = await open(temporary, 'wx', 0o600);
  const hash = createHash('sha256');
  for await (const chunk of contentOf(source)) {
    hash.update(chunk);
    await to.appendFile(chunk);
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    await rm(temporary);
    const what = 'path' in source ? source.path : 'the content';
    throw new ReceiverError('DEPLOY_INCOMPLETE_TREE', `${what} has SHA-256 ${found}, the plan saw ${sha256}`);
  }
  // chown(2) clears set-uid, so the mode comes after it.
  await to.chown(uid, gid);
  await to.chmod(mode);
  await to.sync();
}

async function* contentOf(source: CopySource): AsyncIterable<Uint8Array> {
  if ('text' in source) {
    yield Buffer.from(source.text);
    return;
  }
  await using from = await open(source.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  yield* from.createReadStream({ autoClose: false });
}
