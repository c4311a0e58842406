import { dirname, join, relative } from 'node:path';
import { readXattrs, systemRunner as runner } from '@goldstream/system';
import { snapshotOfTree } from '@goldstream/testing';

/** What is known of each path: a few words under a name each, so that two listings can be compared word by word. */
export type FullListing = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * Everything below a directory: kind, mode, owner, contents, extended attributes, and times of what is no directory
 * (a directory's tell that something came and went).
 * @param as what the paths begin with instead of the directory's own
 */
export async function fullListing(directory: string, as: string): Promise<FullListing> {
  const listing = new Map<string, Record<string, string>>();
  for (const [path, line] of Object.entries(await snapshotOfTree(directory, { times: true }))) {
    const [kind = '', mode = '', owner = '', ...rest] = line.split(' ');
    const time = rest.splice(-2).join(' ');
    const contents = rest.join(' ');
    listing.set(join(as, path), { kind, mode, owner, contents, ...(kind === 'directory' ? {} : { time }) });
  }
  for await (const { path, xattrs } of readXattrs(runner, directory)) {
    const at = join(as, relative(directory, path));
    listing.set(at, { ...listing.get(at), attributes: JSON.stringify([...xattrs].sort()) });
  }
  return listing;
}

/** Every subvolume of a Btrfs: UUID, where it came from, and whether it is read-only. */
export async function subvolumesOf(pool: string): Promise<FullListing> {
  const list = async (...only: string[]) => {
    const text = await runner.capture(['btrfs', 'subvolume', 'list', '-u', '-R', ...only, pool]);
    return [...text.matchAll(/received_uuid (\S+)\s+uuid (\S+) path (.+)$/gm)];
  };
  const readonly = new Set((await list('-r')).map(([, , uuid]) => uuid));
  return new Map(
    (await list()).map(([, received = '', uuid = '', path = '']) => [
      `subvolume ${path}`,
      { kind: 'subvolume', uuid, received, mode: readonly.has(uuid) ? 'read-only' : 'writable' },
    ]),
  );
}

/**
 * What happened between two listings, sorted, a line each: `makes PATH`, `removes PATH`, `changes mode of PATH`. What
 * came with the directory that it is in goes without saying.
 */
export function differences(before: FullListing, after: FullListing): readonly string[] {
  const lines: string[] = [];
  for (const [path, was] of before) {
    const is = after.get(path);
    if (is === undefined) lines.push(`removes ${path}`);
    else for (const word of changedWords(was, is)) lines.push(`changes ${word} of ${path}`);
  }
  for (const path of after.keys()) {
    const cameAlong = after.has(dirname(path)) && !before.has(dirname(path));
    if (!before.has(path) && !cameAlong) lines.push(`makes ${path}`);
  }
  return lines.sort();
}

function changedWords(was: Readonly<Record<string, string>>, is: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((word) => was[word] !== is[word]);
}
