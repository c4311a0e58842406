import type { Xattrs } from '@goldstream/system';
import type { Header } from 'tar-stream';
import { type PathBytes, pathFromText, ROOT } from '../../path-bytes.ts';
import { isReleasedXattr } from '../../released-xattrs.ts';
import type { Attributes } from '../../tree.ts';
import { parseMemberPath } from './parse-member-path.ts';
import type { Refuse } from './refuse-member.ts';

/** What a tar header says, believed only after it was checked. Paths are relative to the archive, without `./`. */
export interface Member extends Attributes {
  readonly kind: 'directory' | 'file' | 'symlink' | 'hard-link';
  readonly path: PathBytes;
  /** Bytes of a file. */
  readonly size: number;
  /** A symlink's text as it is, or the checked path of the member that a hard link names. */
  readonly target: PathBytes;
}

/**
 * Checks one header. tar-stream must read names as Latin-1, so that they are bytes; what comes from a pax header is
 * text, and refused where it was no UTF-8.
 * @param refuse throws the coded error that names archive and member
 */
export function parseMember(header: Header, refuse: Refuse): Member {
  const pax = paxOf(header);
  refuseExtensions(pax, refuse);
  const kind = kindOf(header, refuse);
  if (kind !== 'file' && header.size > 0) refuse('TREE_TAR_UNSUPPORTED', `is a ${kind} with contents`);
  for (const key of ['path', 'linkpath']) utf8Only(key, pax.get(key) ?? '', refuse);
  const path = parseMemberPath(nameOf(header), refuse);
  if (path === ROOT && kind !== 'directory') refuse('TREE_TAR_UNSAFE_PATH', `is a ${kind} in place of the root`);
  return {
    kind,
    path,
    size: header.size,
    target: targetOf(kind, bytesOf(header.linkname ?? '', pax.get('linkpath')), refuse),
    mode: kind === 'symlink' ? 0o777 : header.mode & 0o7777,
    uid: idOf('uid', pax.get('uid') ?? header.uid, refuse),
    gid: idOf('gid', pax.get('gid') ?? header.gid, refuse),
    xattrs: xattrsOf(pax, refuse),
  };
}

/** A member's name as it stands in the archive, unchecked. */
export function nameOf(header: Header): PathBytes {
  return bytesOf(header.name, paxOf(header).get('path'));
}

function paxOf({ pax }: Header): ReadonlyMap<string, string> {
  // tar-stream makes an object of strings, or null.
  return new Map(Object.entries((pax ?? {}) as Record<string, string>));
}

/** What changes a member's meaning and is not implemented must not be passed over. */
function refuseExtensions(pax: ReadonlyMap<string, string>, refuse: Refuse): void {
  for (const key of pax.keys()) {
    if (key.startsWith('GNU.sparse.')) refuse('TREE_TAR_UNSUPPORTED', 'is stored sparse');
    if (key.startsWith('SCHILY.acl.')) refuse('TREE_TAR_UNSUPPORTED', 'has an ACL as text');
  }
}

function kindOf({ type }: Header, refuse: Refuse): Member['kind'] {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return 'file';
    case 'directory':
    case 'symlink':
      return type;
    case 'link':
      return 'hard-link';
    default:
      return refuse('TREE_TAR_UNSUPPORTED', `is a ${type ?? 'member of unknown type'}`);
  }
}

/** A name is bytes when it stood in the header, and text when a pax header gave it. */
function bytesOf(name: string, fromPax: string | undefined): PathBytes {
  // tar-stream passes over an empty one too. What it read from a header are bytes, one character each.
  return fromPax ? pathFromText(fromPax) : (name as PathBytes);
}

function targetOf(kind: Member['kind'], target: PathBytes, refuse: Refuse): PathBytes {
  if (kind === 'hard-link') return parseMemberPath(target, refuse);
  const sound = kind !== 'symlink' || (target.length > 0 && target.length < 4096 && !target.includes('\0'));
  return sound ? target : refuse('TREE_TAR_BAD_LINK', `points to ${JSON.stringify(target.slice(0, 80))}`);
}

function idOf(field: string, value: string | number, refuse: Refuse): number {
  const id = Number(value);
  // The last one means "leave as it is" to chown(2).
  const sound = Number.isInteger(id) && id >= 0 && id < 0xffffffff;
  return sound ? id : refuse('TREE_TAR_MALFORMED', `has the ${field} ${value}`);
}

function xattrsOf(pax: ReadonlyMap<string, string>, refuse: Refuse): Xattrs {
  const xattrs = new Map<string, string>();
  for (const [key, value] of pax) {
    const name = key.startsWith(XATTR) ? pathFromText(unescapeKeyword(key.slice(XATTR.length))) : '';
    if (!isReleasedXattr(name)) continue;
    xattrs.set(name, Buffer.from(utf8Only(key, value, refuse), 'utf8').toString('hex'));
  }
  return new Map([...xattrs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** GNU tar writes `=` and `%` in a pax keyword so, because a `=` ends it. */
function unescapeKeyword(keyword: string): string {
  return keyword.replaceAll('%3D', '=').replaceAll('%25', '%');
}

function utf8Only(what: string, value: string, refuse: Refuse): string {
  return value.includes('\uFFFD') ? refuse('TREE_TAR_UNSUPPORTED', `has a pax ${what} that is not UTF-8`) : value;
}

/** Where GNU tar, star and libarchive keep extended attributes in a pax header. */
const XATTR = 'SCHILY.xattr.';
