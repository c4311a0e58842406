import { mkdtemp, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@goldstream/errors';
import type { Runner } from '@goldstream/system';
import { type Extract, extract } from 'tar-stream';
import { TreeError } from '../../error.ts';
import { doAt } from '../../os-error.ts';
import { type PathBytes, pathFromText } from '../../path-bytes.ts';
import type { Inode, StoredFile, Tree } from '../../tree.ts';
import type { ArchiveSource } from '../source.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.ts';
import { MemberTree } from './member-tree.ts';
import { openArchive } from './open-archive.ts';
import { type Member, nameOf, parseMember } from './parse-member.ts';
import { refuseMember } from './refuse-member.ts';

/** What reading an archive needs of the world. */
interface ArchiveTools {
  readonly runner: Runner;
  /** A directory for the contents of files, under names of our own. */
  readonly spool: string;
  readonly limits?: ArchiveLimits;
}

/**
 * Reads a tar archive into a tree. Members' contents go to `spool`; nothing is written where a member wants to be.
 * @param file the archive's real path
 * @throws TreeError `TREE_TAR_*`, naming recipe line, archive and member
 */
export async function gatherArchive(
  source: ArchiveSource,
  file: string,
  { runner, spool, limits = ARCHIVE_LIMITS }: ArchiveTools,
): Promise<Tree<StoredFile>> {
  const members = new MemberTree(source);
  // The option is missing in tar-stream's types; names become one character per byte.
  const unpack: Extract = extract({ filenameEncoding: 'latin1' } as Parameters<typeof extract>[0]);
  const contents = await mkdtemp(join(spool, 'archive-'));
  // Each makes the other one fail, and the reason of both is the one that is coded.
  const outcomes = await Promise.allSettled([
    readMembers(unpack, members, { source, contents, limits }),
    pipeline(Readable.from(openArchive(source, file, { runner, limits })), unpack),
  ]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0)
    throw failures.find((failure) => failure instanceof CodedError) ?? malformed(source, failures[0]);
  return members.finish();
}

async function readMembers(
  unpack: Extract,
  members: MemberTree,
  { source, contents, limits }: { source: ArchiveSource; contents: string; limits: ArchiveLimits },
): Promise<void> {
  let count = 0;
  for await (const stream of unpack) {
    const refuse = refuseMember(source, nameOf(stream.header));
    count += 1;
    if (count > limits.members) refuse('TREE_TAR_TOO_LARGE', `is one more than the ${limits.members} that are allowed`);
    if (stream.header.size > limits.bytes) refuse('TREE_TAR_TOO_LARGE', `says it has ${stream.header.size} bytes`);
    const member = parseMember(stream.header, refuse);
    const path = withoutLeading(member.path, source.strip);
    if (path === undefined) {
      for await (const _ of stream);
    } else if (member.kind === 'hard-link') {
      members.link(path, withoutLeading(member.target, source.strip));
    } else {
      // tar-stream hands out buffers.
      const bytes = stream as AsyncIterable<Uint8Array>;
      members.add(path, await inodeOfMember(member, bytes, join(contents, String(count))));
    }
  }
}

async function inodeOfMember(
  member: Member,
  bytes: AsyncIterable<Uint8Array>,
  spooled: string,
): Promise<Inode<StoredFile>> {
  const { kind, mode, uid, gid, xattrs, size, target } = member;
  const attributes = { mode, uid, gid, xattrs };
  if (kind === 'symlink') return { kind, ...attributes, target };
  if (kind === 'file') return { kind, ...attributes, size, content: await spool(bytes, spooled) };
  return { kind: 'directory', ...attributes };
}

async function spool(bytes: AsyncIterable<Uint8Array>, path: string): Promise<StoredFile> {
  const at = pathFromText(path);
  await using handle = await open(path, 'wx');
  for await (const chunk of bytes) await doAt(at, () => handle.writeFile(chunk));
  const { size, ino, mtimeMs } = await handle.stat();
  return { at, size, inode: ino, modifiedMs: mtimeMs };
}

/** The path without its first components, as `tar --strip-components` does; undefined when nothing is left. */
function withoutLeading(path: PathBytes, components: number): PathBytes | undefined {
  if (components === 0) return path;
  const rest = path.split('/').slice(components).join('/');
  // A part of bytes is bytes.
  return rest === '' ? undefined : (rest as PathBytes);
}

function malformed({ location, path }: ArchiveSource, cause: unknown): TreeError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TreeError('TREE_TAR_MALFORMED', `${location}: ${path} is not a whole tar archive: ${problem}`, { cause });
}
