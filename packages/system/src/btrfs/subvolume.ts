import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** What Btrfs knows of a subvolume (`btrfs subvolume show`). Transids are the host's own counters unless named otherwise. */
export interface SubvolumeFacts {
  readonly path: string;
  readonly uuid: string;
  readonly parentUuid: string | undefined;
  /** UUID of the sender's snapshot; only set once a receive was finished. */
  readonly receivedUuid: string | undefined;
  readonly id: number;
  readonly generation: number;
  /** The filesystem's generation when it was made. */
  readonly generationAtCreation: number;
  readonly readonly: boolean;
  /** `stransid`: the transid that the received stream named, so the sender's number. */
  readonly sendTransid: number | undefined;
}

/** Looks at a subvolume. Rejects with `BTRFS_NO_SUCH_SUBVOLUME` when the path is none. */
export async function showSubvolume(runner: Runner, path: string): Promise<SubvolumeFacts> {
  const { exitCode, stdout, stderr } = await runner.run(['btrfs', 'subvolume', 'show', path], { accept: [1] });
  if (exitCode !== 0) {
    throw new SystemError('BTRFS_NO_SUCH_SUBVOLUME', `${path} is not a Btrfs subvolume: ${stderr.trim()}`);
  }
  return parseSubvolumeShow(path, stdout);
}

/** The facts, or undefined when the path is no subvolume. */
export async function findSubvolume(runner: Runner, path: string): Promise<SubvolumeFacts | undefined> {
  try {
    return await showSubvolume(runner, path);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'BTRFS_NO_SUCH_SUBVOLUME') return undefined;
    throw error;
  }
}

/**
 * The highest id of all subvolumes of the filesystem at `path`. Ids only rise, so a subvolume with a higher one was
 * made after this was asked.
 */
export async function newestSubvolumeId(runner: Runner, path: string): Promise<number> {
  const listing = await runner.capture(['btrfs', 'subvolume', 'list', path]);
  return [...listing.matchAll(/^ID (\d+) /gm)].reduce((newest, [, id]) => Math.max(newest, Number(id)), 5);
}

/** What one line of `btrfs subvolume list` tells. */
export interface ListedSubvolume {
  readonly uuid: string;
  readonly receivedUuid: string | undefined;
  /** Transaction in which something of it was written last, as committed; never before its ctransid. */
  readonly generation: number;
  /** From the filesystem's top level, without a slash in front. */
  readonly path: string;
}

/** All subvolumes of the filesystem at `path`: what tells the least of each, and costs one program for all of them. */
export async function listSubvolumes(runner: Runner, path: string): Promise<readonly ListedSubvolume[]> {
  return parseSubvolumeList(await runner.capture(['btrfs', 'subvolume', 'list', '-u', '-R', path]));
}

/** Makes an empty, writable subvolume. */
export async function createSubvolume(runner: Runner, path: string): Promise<void> {
  await runner.run(['btrfs', 'subvolume', 'create', path]);
}

/** Makes a snapshot of `source` as `path`, writable unless said otherwise. */
export async function snapshotSubvolume(
  runner: Runner,
  source: string,
  path: string,
  { readonly = false }: { readonly?: boolean } = {},
): Promise<void> {
  await runner.run(['btrfs', 'subvolume', 'snapshot', ...(readonly ? ['-r'] : []), source, path]);
}

/**
 * Deletes one subvolume. The kernel protects nothing here (a lower layer in use becomes an empty tree):
 * the caller has made sure that it is its own and that nobody uses it.
 */
export async function deleteSubvolume(runner: Runner, path: string): Promise<void> {
  await runner.run(['btrfs', 'subvolume', 'delete', '--commit-after', path]);
}

/**
 * Takes the received UUID from a read-only subvolume, so that no `btrfs receive` finds a parent or a clone source in it.
 * btrfs-progs does so when a received subvolume is made writable (btrfs-property(8), since 5.14.2); afterwards it is
 * read-only again. Whoever has it mounted notices nothing.
 */
export async function forgetReceived(runner: Runner, path: string): Promise<void> {
  await runner.run(['btrfs', 'property', 'set', '-f', path, 'ro', 'false']);
  await runner.run(['btrfs', 'property', 'set', path, 'ro', 'true']);
}

/** The lines of `btrfs subvolume list -u -R` (btrfs-progs 5.14 to 6.x). A path may hold spaces, and comes last. */
export function parseSubvolumeList(output: string): readonly ListedSubvolume[] {
  const line = /^ID \d+ gen (\d+) top level \d+ received_uuid (\S+) +uuid (\S+) path (.*)$/gm;
  return [...output.matchAll(line)].map(([, generation, receivedUuid, uuid = '', path = '']) => ({
    uuid,
    receivedUuid: receivedUuid === '-' ? undefined : receivedUuid,
    generation: Number(generation),
    path,
  }));
}

/** The facts in the output of `btrfs subvolume show` (btrfs-progs 5.14 to 6.x). */
export function parseSubvolumeShow(path: string, output: string): SubvolumeFacts {
  const fields = new Map(
    [...output.matchAll(/^\t([A-Za-z][A-Za-z ]*):[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => [
      key,
      value.trim(),
    ]),
  );
  const text = (key: string): string | undefined => {
    const value = fields.get(key);
    return value === undefined || value === '-' || value === '' ? undefined : value;
  };
  const must = (key: string): string => {
    const value = text(key);
    if (value === undefined)
      throw new SystemError('TOOL_FAILED', `btrfs subvolume show ${path} said nothing of “${key}”`);
    return value;
  };
  const sendTransid = Number(text('Send transid') ?? 0);
  return {
    path,
    uuid: must('UUID'),
    parentUuid: text('Parent UUID'),
    receivedUuid: text('Received UUID'),
    id: Number(must('Subvolume ID')),
    generation: Number(must('Generation')),
    generationAtCreation: Number(must('Gen at creation')),
    readonly: (text('Flags') ?? '').split(/[ ,]+/).includes('readonly'),
    sendTransid: sendTransid === 0 ? undefined : sendTransid,
  };
}
