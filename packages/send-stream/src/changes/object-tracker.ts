import { byteText } from '../byte-text.ts';
import type { Command, CommandOf } from '../command.ts';
import type { Entry } from '../namespace/entry.ts';
import { followCommand } from '../namespace/follow-command.ts';
import { Namespace } from '../namespace/namespace.ts';
import { UNSEEN_PARENT } from '../namespace/parent-lookup.ts';
import type { ContentTotals, MetadataFacts, ObjectFacts } from './object-facts.ts';

/**
 * Follows the commands of a stream and keeps, for every object that they touch, its names and what is done to it. Times
 * are left out: a stream sets them for everything that it comes near.
 *
 * Memory grows with the names that the stream touches, not with its bytes and not with the parent.
 */
export class ObjectTracker {
  /** Of a full stream: all there is. Of an incremental one: what differs from a parent that nobody looks at. */
  #names: Namespace = new Namespace(UNSEEN_PARENT);
  readonly #facts = new Map<Entry, ObjectFacts>();
  readonly #gone: Entry[] = [];

  get names(): Namespace {
    return this.#names;
  }

  /** Objects of the parent that lost the name they were known by, and have no other. */
  get gone(): readonly Entry[] {
    return this.#gone.filter(({ names }) => names === 0);
  }

  /** What the stream says of an object; nothing of one that it only passed by. */
  factsOf(entry: Entry): ObjectFacts {
    return this.#facts.get(entry) ?? NOTHING;
  }

  /**
   * Hears of the next command.
   * @throws NameProblem when it names what cannot be there; nothing was noted of it then
   */
  add(command: Command): void {
    const named = followCommand(this.#names, command);
    switch (command.kind) {
      case 'subvol':
        this.#names = new Namespace();
        break;
      case 'symlink':
        if (named !== undefined) this.#noteOf(named).target = byteText(command.path_link);
        break;
      case 'link':
      case 'unlink':
      case 'rmdir':
        if (named !== undefined) this.#noteName(named, command.kind);
        break;
      case 'write':
        this.#set(command.path, lengthOf(command.data), lengthOf(command.data));
        break;
      case 'encoded_write':
        this.#set(command.path, Number(command.unencoded_file_len), lengthOf(command.data));
        break;
      case 'clone':
        this.#set(command.path, Number(command.clone_len), 0);
        break;
      case 'update_extent':
        this.#set(command.path, Number(command.size), 0);
        break;
      case 'fallocate':
        this.#set(command.path, (command.fallocate_mode & SETS_ZEROS) === 0 ? 0 : Number(command.size), 0);
        break;
      case 'truncate':
        this.#set(command.path, 0, 0).size = Number(command.size);
        break;
      case 'chmod':
        this.#metadata(command.path).mode = Number(command.mode & PERMISSIONS);
        break;
      case 'chown':
        Object.assign(this.#metadata(command.path), { uid: Number(command.uid), gid: Number(command.gid) });
        break;
      case 'set_xattr':
      case 'remove_xattr':
        this.#xattr(command);
        break;
      case 'fileattr':
        this.#metadata(command.path).flags = command.fileattr;
        break;
      case 'enable_verity':
        this.#metadata(command.path).verity = true;
        break;
    }
  }

  /** What a name tells of an object of the parent, whose type is not known. */
  #noteName(entry: Entry, kind: 'link' | 'unlink' | 'rmdir'): void {
    if (entry.parentPath === undefined) return;
    this.#noteOf(entry).type ??= kind === 'rmdir' ? 'directory' : 'other';
    if (entry.names === 0) this.#gone.push(entry);
  }

  /** Only a regular file has contents that a stream can set. */
  #set(path: Uint8Array, bytes: number, carried: number): ContentTotals {
    const facts = this.#noteOf(this.#names.get(path));
    facts.type = 'file';
    facts.contents ??= { bytes: 0, carried: 0 };
    facts.contents.bytes += bytes;
    facts.contents.carried += carried;
    return facts.contents;
  }

  #metadata(path: Uint8Array): MetadataFacts {
    const facts = this.#noteOf(this.#names.get(path));
    facts.metadata ??= {};
    return facts.metadata;
  }

  #xattr({ kind, path, xattr_name }: CommandOf<'set_xattr'> | CommandOf<'remove_xattr'>): void {
    const metadata = this.#metadata(path);
    metadata.xattrs ??= new Map();
    metadata.xattrs.set(byteText(xattr_name), kind === 'set_xattr');
  }

  #noteOf(entry: Entry): ObjectFacts {
    let facts = this.#facts.get(entry);
    if (facts === undefined) {
      facts = entry.kind === 'unknown' ? {} : { type: entry.kind };
      this.#facts.set(entry, facts);
    }
    return facts;
  }
}

const NOTHING: ObjectFacts = {};

/** `FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE` of linux/falloc.h; other modes leave the bytes as they are. */
const SETS_ZEROS = 0x02 | 0x10;

/** Permission bits with set-id and sticky. */
const PERMISSIONS = 0o7777n;

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
